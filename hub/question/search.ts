import type { FieldPath } from './field-path.ts';

/** Words that all have to occur in the fields. */
export interface Search {
  /** As they were typed; case and accents do not count. */
  readonly words: readonly string[];
  readonly fields: readonly FieldPath[];
}
