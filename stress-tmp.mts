import { inlineProject } from '/work/main/hub/testing/inline-project.ts';
import { deriveHub } from '/work/main/hub/derive/derive-hub.ts';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { loadInGateway } from '/work/main/hub/testing/load-in-gateway.ts';
const N=Number(process.argv[2]??30), F=30;
const types = Array.from({length:N},(_, i)=>{
  const fs = Array.from({length:F},(_,j)=>`"The ${j}th field, which says something or other." f${j}: ${['Int','String','Float','Decimal','DateTime','Tier'][j%6]} ${j%6===3?'@column(type: "DECIMAL(18,2)")':''}`).join('\n');
  return `type E${i} @key(fields: "id") @table { id: ID!\n${fs}\n next: E${(i+1)%N} @relation(columns: ["n"]) other: E${(i+7)%N} @relation(columns: ["o"]) many: [E${(i+3)%N}!]! @relation(columns: ["m"]) }`;
}).join('\n');
const sdl = `scalar Decimal scalar DateTime enum Tier { A B C }\n${types}\ntype Query { e0(id: ID!): E0 }`;
for (let i=0;i<2;i++){ let t=performance.now(); const p=inlineProject({identity: sdl}); console.log('inlineProject (two compositions)', (performance.now()-t).toFixed(0)); t=performance.now(); const h=deriveHub(p.authored.model,p.authored.domains); console.log('derive',(performance.now()-t).toFixed(0),'sdl',h.sdl.length,'super',p.supergraphSdl.length); t=performance.now(); buildSubgraphSchema({typeDefs:h.document}); console.log('schema',(performance.now()-t).toFixed(0)); t=performance.now(); await loadInGateway(p.supergraphSdl); console.log('gateway load',(performance.now()-t).toFixed(0)); }
