export { version } from '../foundation/version.ts';
