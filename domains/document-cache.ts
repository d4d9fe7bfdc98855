import { parse, validate, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';

/** A query that was parsed and validated, or what is wrong with it. */
export type CheckedDocument =
  | { readonly kind: 'valid'; readonly document: DocumentNode }
  | { readonly kind: 'invalid'; readonly errors: readonly GraphQLError[] };

/** Keeps the most recently used queries of one schema, so that each is parsed and validated once. */
export class DocumentCache {
  readonly #schema: GraphQLSchema;
  readonly #documents: LRUCache<string, CheckedDocument>;

  constructor(schema: GraphQLSchema, limit = 1_000) {
    this.#schema = schema;
    this.#documents = new LRUCache({ max: limit });
  }

  get size(): number {
    return this.#documents.size;
  }

  /** @throws GraphQLError for a query that cannot be parsed */
  get(query: string): CheckedDocument {
    const known = this.#documents.get(query);
    if (known !== undefined) return known;
    const checked = this.#check(query);
    this.#documents.set(query, checked);
    return checked;
  }

  #check(query: string): CheckedDocument {
    const document = parse(query);
    const errors = validate(this.#schema, document);
    return errors.length === 0 ? { kind: 'valid', document } : { kind: 'invalid', errors };
  }
}
