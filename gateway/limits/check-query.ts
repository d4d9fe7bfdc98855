import { GraphQLError, parse, type DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { checkRootConditions } from './check-root-conditions.ts';
import type { DocumentLimits } from './limits.ts';

/** @throws whatever the limits of texts and documents do, and GRAPHQL_VALIDATION_FAILED */
export type CheckQuery = (text: string) => void;

/** Characters of texts that were found within the limits. */
const mostCharacters = 2_000_000;
const charactersBeside = 100;

/**
 * Checks the text of a request before anybody parses and validates it. Of a known text nothing is done again; of one
 * that cannot be parsed, the parser that comes after tells more.
 */
export function createQueryCheck(limits: DocumentLimits): CheckQuery {
  const known = new LRUCache<string, true>({
    maxSize: mostCharacters,
    sizeCalculation: (_, text) => text.length + charactersBeside,
  });
  return (text) => {
    if (text === '' || known.has(text)) return;
    limits.checkText(text);
    const document = parseWithin(text, limits.maxTokens);
    if (document === undefined) return;
    limits.checkDocument(document);
    checkRootConditions(document);
    known.set(text, true);
  };
}

function parseWithin(text: string, maxTokens: number | undefined): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true, maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}
