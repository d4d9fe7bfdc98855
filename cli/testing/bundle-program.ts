import { bundleProgram } from '../bundle.ts';

/** Before the first test: so that the program which tests start is that of the sources as they are. */
export const setup = bundleProgram;
