import { it } from 'vitest';
import { join } from 'node:path';
import { tempFolder } from '/work/main/foundation/testing/temp-folder.ts';
import { pushingProject } from '/work/main/conformance/testing/pushing-project.ts';
import { startProject } from '/work/main/conformance/testing/start-project.ts';
it('x', async () => {
  const { directory } = pushingProject(join(tempFolder(), 'project'));
  const p = await startProject({ projectDirectory: directory });
  const body = JSON.stringify({specversion:'1.0',id:'fifty',source:'/a',type:'CustomerCreated',subject:'FIFTY',data:{name:'Fifty',email:'fifty@abuse.example'}});
  const r = await Promise.all(Array.from({length:50},async()=>{const x=await fetch(`${p.server.url}/events`,{method:'POST',headers:{'content-type':'application/cloudevents+json'},body});return `${x.status} ${await x.text()}`}));
  const m=new Map();for(const t of r)m.set(t,(m.get(t)??0)+1);console.log(m);
});
