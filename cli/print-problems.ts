import { errorText } from '../foundation/errors/tributary-error.ts';
import type { Problem } from '../ledger/identity-command.ts';
import { printable } from './text-table.ts';

/** What the server would not do, and why. */
export function printProblems(
  problems: readonly Pick<Problem, 'code' | 'message' | 'field'>[],
): void {
  for (const { code, message, field } of problems) {
    const place = field ?? undefined;
    process.stderr.write(`${errorText({ message: printable(message), code, place })}\n`);
  }
}
