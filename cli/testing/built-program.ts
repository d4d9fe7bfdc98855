import { join } from 'node:path';

/** The program that users start, as a file to give to Node; `bundle-program.ts` has made it before the first test. */
export const builtProgram = join(import.meta.dirname, '../../dist/cli/tributary.cjs');
