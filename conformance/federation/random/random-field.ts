/** What a field requires: a field of the object, for a certain type where there are several, and what of it. */
export interface Required {
  readonly on?: string;
  readonly field: string;
  readonly below?: readonly Required[];
}

export type RandomField =
  | {
      readonly kind: 'scalar';
      readonly name: string;
      readonly type: string;
      /** Subgraphs that have it. */
      readonly owners: readonly string[];
      /** The subgraph that it was taken away from by `@override`. */
      readonly takenFrom?: string;
    }
  | {
      readonly kind: 'reference';
      readonly name: string;
      readonly target: string;
      readonly isList: boolean;
      readonly owners: readonly string[];
      /** A field of the target that its owner provides. */
      readonly provides?: string;
    }
  | {
      readonly kind: 'computed';
      readonly name: string;
      readonly owners: readonly [string];
      readonly requires: readonly Required[];
    }
  | {
      readonly kind: 'contextual';
      readonly name: string;
      readonly owners: readonly [string];
      /** The type of the argument that it takes out of the context. */
      readonly argument: string;
      /** Where that comes from: a field, with what of it, of each type that has the context. */
      readonly sources: readonly ContextSource[];
      /** Scalars that it requires besides. */
      readonly requires: readonly Required[];
      /** The entity that it leads to, if it is no text. */
      readonly target: string | undefined;
    };

export type ContextSource = Required & {
  readonly on: string;
  /** The interface of the type that has the context for it. */
  readonly holder?: string;
};
