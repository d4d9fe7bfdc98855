import { createLog, type Log } from '../../foundation/log.ts';

export interface LogEntry {
  readonly level: string;
  readonly msg: string;
  readonly err?: { readonly message: string; readonly code?: string };
}

/** A log whose entries a test can read. */
export function collectedLog(): { readonly log: Log; readonly entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const write = (line: string): void => void entries.push(JSON.parse(line) as LogEntry);
  return { log: createLog({ level: 'info', destination: { write } }), entries };
}
