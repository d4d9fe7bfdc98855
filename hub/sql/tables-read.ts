import type { Statement } from '../../lake/sql.ts';

/** Names of the projections that a statement reads, each as often as it does. */
export function tablesRead({ text }: Pick<Statement, 'text'>): readonly string[] {
  return [...text.matchAll(/"hub"\."(\w+)"/g)].flatMap(([, name]) => name ?? []);
}
