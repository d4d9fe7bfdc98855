import { describeError, raise, TributaryError } from '../foundation/errors/tributary-error.ts';

/** Prints an error as a person can use it; gives the exit code: 1 for what they can mend, 70 for a fault of ours. */
export function reportError(error: unknown): number {
  const known = isRefusal(error)
    ? raise('FILE_REFUSED', { problem: error.message }, { cause: error })
    : error;
  if (known instanceof TributaryError) {
    process.stderr.write(`${describeError(known)}\n`);
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`Something unforeseen went wrong in tributary:\n${text}\n`);
  return 70;
}

/** What the system says of files and folders that are not as they have to be, and of a disk that is full. */
const refusals: ReadonlySet<unknown> = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'],
  ...['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO'],
]);

function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && refusals.has(error.code);
}
