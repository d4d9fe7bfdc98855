import type { Problem } from '../ledger/identity-command.ts';
import { printable } from './text-table.ts';

/** What the server would not do, and why. */
export function printProblems(
  problems: readonly Pick<Problem, 'code' | 'message' | 'field'>[],
): void {
  for (const { code, message, field } of problems) {
    const place = field === undefined || field === null ? '' : `${field}: `;
    process.stderr.write(`${place}${printable(message)} [${code}]\n`);
  }
}
