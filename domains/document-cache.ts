import { parse, validate, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql';

/** A query that was parsed and validated, or what is wrong with it. */
export type CheckedDocument =
  | { readonly kind: 'valid'; readonly document: DocumentNode }
  | { readonly kind: 'invalid'; readonly errors: readonly GraphQLError[] };

/** Keeps the most recently used queries of one schema, so that each is parsed and validated once. */
export class DocumentCache {
  readonly #schema: GraphQLSchema;
  readonly #limit: number;
  readonly #documents = new Map<string, CheckedDocument>();

  constructor(schema: GraphQLSchema, limit = 1_000) {
    this.#schema = schema;
    this.#limit = limit;
  }

  get size(): number {
    return this.#documents.size;
  }

  /** @throws GraphQLError for a query that cannot be parsed */
  get(query: string): CheckedDocument {
    const known = this.#documents.get(query);
    const checked = known ?? this.#check(query);
    // A Map keeps the order of insertion, so that the first one is the one that was not used for the longest time.
    this.#documents.delete(query);
    this.#documents.set(query, checked);
    if (this.#documents.size > this.#limit) {
      for (const oldest of this.#documents.keys()) {
        this.#documents.delete(oldest);
        break;
      }
    }
    return checked;
  }

  #check(query: string): CheckedDocument {
    const document = parse(query);
    const errors = validate(this.#schema, document);
    return errors.length === 0 ? { kind: 'valid', document } : { kind: 'invalid', errors };
  }
}
