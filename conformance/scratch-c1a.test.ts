import { it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { writeHardProject } from './testing/hard-project.ts';
import { startProject } from './testing/start-project.ts';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner, prettyFormatQueryPlan } from '@apollo/query-planner';
import { parse } from 'graphql';
it('x', async () => {
  const { directory } = writeHardProject(tempFolder());
  for (const hub of [true, false]) {
    const p = await startProject({ projectDirectory: directory, flags: { graph: { hub } } });
    const s = Supergraph.build(p.server.supergraphSdl());
    const planner = new QueryPlanner(s);
    for (const [q, v] of JSON.parse(process.env['QS']!)) {
      let f: unknown;
      try {
        f = prettyFormatQueryPlan(
          planner.buildQueryPlan(operationFromDocument(s.apiSchema(), parse(q))),
        );
      } catch (e) {
        f = String(e);
      }
      console.log(hub, q, f, JSON.stringify(await p.ask(q, v)));
    }
  }
});
