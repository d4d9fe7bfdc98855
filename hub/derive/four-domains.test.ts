import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../foundation/config/load-config.ts';
import { openProject } from '../../gateway/open-project.ts';
import { loadInGateway } from '../testing/load-in-gateway.ts';

describe('the hub of the four domains', async () => {
  const projectDirectory = resolve(import.meta.dirname, '../..');
  const project = await openProject({
    projectDirectory,
    config: loadConfig({ projectDirectory, environment: {}, flags: {} }),
    environment: {},
  });

  it('has the reviewed schema', async () => {
    await expect(`${project.hubSchema?.sdl}\n`).toMatchFileSnapshot('./four-domains.graphql');
  });

  it("makes a supergraph that Apollo's gateway loads", async () => {
    await expect(loadInGateway(project.supergraphSdl)).resolves.toBeUndefined();
  });
});
