/** An operation before it is text, in parts that shrink one by one. */
export interface OperationDraft {
  readonly roots: readonly SelectionDraft[];
  readonly fragments: readonly FragmentDraft[];
  /** Values for `id:` of the look-ups; the response key of a look-up says which one it takes. */
  readonly ids: readonly IdDraft[];
  /** Variables that conditions read. */
  readonly conditions: readonly VariableDraft[];
  /** Gives some fields the names of others, the other way round as well. */
  readonly swapsNames: boolean;
}

export type SelectionDraft = FieldDraft | InlineDraft | SpreadDraft;

export interface FieldDraft {
  readonly kind: 'field';
  readonly name: string;
  readonly isLookup: boolean;
  /** Fields with the same name and variant have the same response key, and are merged. */
  readonly variant: number;
  readonly condition: ConditionDraft | undefined;
  readonly selections: readonly SelectionDraft[];
}

export interface InlineDraft {
  readonly kind: 'inline';
  readonly on: string | undefined;
  readonly condition: ConditionDraft | undefined;
  readonly selections: readonly SelectionDraft[];
}

export interface SpreadDraft {
  readonly kind: 'spread';
  readonly fragment: number;
  readonly condition: ConditionDraft | undefined;
}

/** How many response keys a field may have in one operation. */
export const variantCount = 3;

export interface FragmentDraft {
  readonly on: string;
  readonly selections: readonly SelectionDraft[];
}

export interface ConditionDraft {
  readonly directive: 'skip' | 'include';
  /** A literal, or the number of a variable. */
  readonly value: boolean | number;
}

export interface VariableDraft {
  readonly defaultValue: boolean | undefined;
  readonly value: boolean | undefined;
}

export interface IdDraft {
  readonly id: string;
  /** Numbers are for ids that look like one. */
  readonly form:
    | 'literal'
    | 'number literal'
    | 'variable'
    | 'number variable'
    | 'default'
    | 'overridden default';
}
