import type { Readable } from 'node:stream';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import { LineProblems, readNdjson } from './source/ndjson-lines.ts';
import type { Source } from './source/source.ts';
import type { Staging } from './stage/staging.ts';

const shape = { kind: 'json' } as const;

/**
 * Stages rows that a tool sends, one JSON object a line, while they come in: no more of them is in memory than one
 * batch, and the tool is not read from while that is staged.
 *
 * @throws SYNC_PUSH_INVALID, SYNC_PUSH_BROKEN_OFF, and what the body itself ends with
 */
export async function stagePush(
  body: Readable,
  staging: Staging,
  signal: AbortSignal,
): Promise<void> {
  await staging.create(shape);
  const giveUp = (): void => void body.destroy(new Error('aborted'));
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    for await (const batch of readNdjson(body)) await staging.append(shape, [batch]);
    if (!body.readableEnded) throw new Error('aborted');
  } catch (error) {
    if (error instanceof TributaryError) throw error;
    if (error instanceof LineProblems)
      throw raise('SYNC_PUSH_INVALID', { problems: error.message }, { cause: error });
    throw raise('SYNC_PUSH_BROKEN_OFF', { rows: staging.rowCount }, { cause: error });
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Rows that are staged already, as a source. */
export function stagedPush(staging: Staging, name: string, isSnapshot: boolean): Source {
  return {
    async *read() {
      await Promise.resolve();
      yield { name, staging, shape, isSnapshot };
    },
  };
}
