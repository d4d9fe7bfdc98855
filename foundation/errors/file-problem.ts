/** Why a file or folder cannot be read or written, as the end of a sentence without its full stop. */
export function fileProblem(error: unknown): string {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EEXIST':
      return 'it is no folder';
    case 'ENOTDIR':
      return 'its path leads through a file';
    case 'EACCES':
    case 'EPERM':
      return 'this user has no right to';
    case 'EROFS':
      return 'it may only be read';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
