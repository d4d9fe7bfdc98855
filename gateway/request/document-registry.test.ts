import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../foundation/config/load-config.ts';
import type { PartialConfig } from '../../foundation/config/schema.ts';
import { createLog } from '../../foundation/log.ts';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { createDocumentRegistry } from './document-registry.ts';

/** What the operator is told while the manifests are read. */
async function warningsOf(
  manifest: object | undefined,
  onlyTrusted: boolean,
): Promise<readonly object[]> {
  const projectDirectory = tempFolder();
  if (manifest !== undefined)
    writeFileSync(join(projectDirectory, 'documents.json'), JSON.stringify(manifest));
  const trustedFiles = manifest === undefined ? [] : ['documents.json'];
  const flags: PartialConfig = { graph: { documents: { onlyTrusted, trustedFiles } } };
  const lines: string[] = [];
  const log = createLog({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
  const config = loadConfig({ projectDirectory, environment: {}, flags });
  await createDocumentRegistry(config, log).read();
  return lines.map((line) => JSON.parse(line) as object);
}

describe('a server that answers trusted documents only', () => {
  it.each([
    ['names no manifest', undefined, /graph\.documents\.trustedFiles names no manifest/],
    ['has empty ones', {}, /manifests of graph\.documents\.trustedFiles hold no document/],
  ])('warns that it refuses every question when it %s', async (_, manifest, says) => {
    expect(await warningsOf(manifest, true)).toMatchObject([
      { level: 'warn', msg: expect.stringMatching(/every question is refused/) },
    ]);
    expect(await warningsOf(manifest, true)).toMatchObject([{ msg: expect.stringMatching(says) }]);
  });

  it('warns of nothing when it knows a document, or answers others too', async () => {
    expect(await warningsOf({ name: '{ __typename }' }, true)).toEqual([]);
    expect(await warningsOf(undefined, false)).toEqual([]);
  });
});
