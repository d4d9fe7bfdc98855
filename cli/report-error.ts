import { describeError, TributaryError } from '../foundation/errors/tributary-error.ts';

/** Prints an error as a person can use it; gives the exit code: 1 for what the catalogue knows, 70 for a fault of ours. */
export function reportError(error: unknown): number {
  if (error instanceof TributaryError) {
    process.stderr.write(`${describeError(error)}\n`);
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`Something unforeseen went wrong in tributary:\n${text}\n`);
  return 70;
}
