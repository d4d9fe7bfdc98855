import type { Log } from '../../foundation/log.ts';

/** Apollo's start-up chatter goes to the debug level; what it warns of stays a warning. */
export function quietLogger(log: Log) {
  const child = log.child({ component: 'apollo' });
  return {
    debug: (message: unknown) => child.trace(String(message)),
    info: (message: unknown) => child.debug(String(message)),
    warn: (message: unknown) => child.warn(String(message)),
    error: (message: unknown) => child.error(String(message)),
  };
}
