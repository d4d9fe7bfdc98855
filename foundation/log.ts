import { pino, type DestinationStream, type Logger } from 'pino';
import { linesOfStandardOutput } from './turn-lines.ts';

/** Structured log: one JSON object a line. Errors go under the key `err`, which is written with stack and causes. */
export type Log = Logger;

export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

export type LogLevel = (typeof logLevels)[number];

interface LogOptions {
  readonly level: LogLevel;
  /** Standard output by default. */
  readonly destination?: DestinationStream | undefined;
}

/** Makes the process's log. Levels are words and times RFC 3339, because people grep for them. */
export function createLog({ level, destination }: LogOptions): Log {
  const options = {
    level,
    base: null,
    timestamp: timeMember,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return pino(options, destination ?? linesOfStandardOutput());
}

let lastMs = Number.NaN;
let lastMember = '';

/** Made once for all lines of one millisecond. */
function timeMember(): string {
  const nowMs = Date.now();
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    lastMember = `,"time":"${new Date(nowMs).toISOString()}"`;
  }
  return lastMember;
}
