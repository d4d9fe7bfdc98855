import { raise } from '../../foundation/errors/tributary-error.ts';
import type { AutomaticDocuments } from './automatic-documents.ts';
import { hashOf, TrustedDocuments } from './trusted-documents.ts';
import { isJsonObject } from '../../foundation/json-object.ts';

/** What a request may say of its document: in its JSON, in the parameters of a GET, or over a WebSocket. */
export interface AskedDocument {
  readonly query?: unknown;
  /** GraphQL over HTTP, appendix on persisted documents. */
  readonly documentId?: unknown;
  /** `persistedQuery` is Apollo's protocol. */
  readonly extensions?: unknown;
}

/** The documents that need not be sent. */
export interface KnownDocuments {
  readonly trusted: TrustedDocuments;
  readonly isOnlyTrusted: boolean;
  /** Undefined where clients may not add any. It remembers what it is asked. */
  readonly automatic: AutomaticDocuments | undefined;
}

export const noDocuments: KnownDocuments = {
  trusted: new TrustedDocuments(),
  isOnlyTrusted: false,
  automatic: undefined,
};

/**
 * The text of the document that a request asks; undefined where it names none, which whoever answers it will say. A
 * document that comes together with its hash is known from then on.
 *
 * @throws PERSISTED_QUERY_NOT_FOUND, PERSISTED_QUERY_NOT_SUPPORTED, PERSISTED_QUERY_INVALID, PERSISTED_QUERY_MISMATCH,
 *   DOCUMENT_ID_INVALID, DOCUMENT_NOT_FOUND, DOCUMENT_NOT_TRUSTED
 */
export function findDocument(asked: AskedDocument, known: KnownDocuments): string | undefined {
  const { query, documentId } = asked;
  const text = typeof query === 'string' && query !== '' ? query : undefined;
  if (documentId !== undefined && documentId !== null) {
    return findById(readDocumentId(documentId, query), known);
  }
  const hash = readHash(asked);
  if (text === undefined) return hash === undefined ? undefined : findByHash(hash, known);
  if (hash !== undefined) checkHash(hash, text, known);
  if (known.isOnlyTrusted && !known.trusted.has(text)) {
    throw raise('DOCUMENT_NOT_TRUSTED', { what: 'the query' });
  }
  if (hash !== undefined && !known.isOnlyTrusted) known.automatic?.add(hash, text);
  return text;
}

/** Whether a request names its document otherwise than by its text. */
export function isNamed({ documentId, extensions }: AskedDocument): boolean {
  return (
    (documentId !== undefined && documentId !== null) ||
    (isJsonObject(extensions) && extensions['persistedQuery'] !== undefined)
  );
}

/** What is left of the extensions once the document was found; undefined when that is nothing. */
export function otherExtensions(extensions: unknown): unknown {
  if (!isJsonObject(extensions)) return extensions;
  const { persistedQuery: _found, ...others } = extensions;
  return Object.keys(others).length === 0 ? undefined : others;
}

function checkHash(hash: string, text: string, { trusted }: KnownDocuments): void {
  const actual = hashOf(text);
  if (hash === actual || trusted.get(hash) === text) return;
  throw raise('PERSISTED_QUERY_MISMATCH', { hash, actual });
}

function findById(id: string, known: KnownDocuments): string {
  const { trusted, isOnlyTrusted, automatic } = known;
  const [, hash] = /^sha256:([0-9a-f]{64})$/.exec(id) ?? [];
  const text = trusted.get(id) ?? (hash === undefined ? undefined : trusted.withHash(hash));
  if (text !== undefined) return text;
  if (isOnlyTrusted) throw raise('DOCUMENT_NOT_TRUSTED', { what: `"${id}"` });
  const added = hash === undefined ? undefined : automatic?.get(hash);
  if (added === undefined) throw raise('DOCUMENT_NOT_FOUND', { id });
  return added;
}

/** Clients of Apollo's send the id of a manifest in the place of the hash, whatever it is. */
function findByHash(hash: string, { trusted, isOnlyTrusted, automatic }: KnownDocuments): string {
  const text = trusted.withHash(hash) ?? trusted.get(hash);
  if (text !== undefined) return text;
  // That it is not found would make the client send the text, which is not wanted either.
  if (isOnlyTrusted) throw raise('DOCUMENT_NOT_TRUSTED', { what: hash });
  if (automatic === undefined) throw raise('PERSISTED_QUERY_NOT_SUPPORTED', {});
  if (!/^[0-9a-f]{64}$/.test(hash)) throw unreadable('sha256Hash is no SHA-256');
  const added = automatic.get(hash);
  if (added === undefined) throw raise('PERSISTED_QUERY_NOT_FOUND', {});
  return added;
}

const longestId = 256;

function readDocumentId(documentId: unknown, query: unknown): string {
  const invalid = (problem: string): Error => raise('DOCUMENT_ID_INVALID', { problem });
  if (typeof documentId !== 'string' || documentId === '') throw invalid('it is no text');
  if (query !== undefined && query !== null && query !== '') {
    throw invalid('the request has a query as well');
  }
  if (documentId.length > longestId) throw invalid(`it is longer than ${longestId} characters`);
  return documentId;
}

function readHash({ extensions }: AskedDocument): string | undefined {
  const { persistedQuery } = isJsonObject(extensions) ? extensions : {};
  if (persistedQuery === undefined || persistedQuery === null) return undefined;
  if (!isJsonObject(persistedQuery)) throw unreadable('it is no object');
  const { version, sha256Hash } = persistedQuery;
  if (version !== 1) throw unreadable('only version 1 is known');
  if (typeof sha256Hash !== 'string' || sha256Hash === '') throw unreadable('it has no sha256Hash');
  if (sha256Hash.length > longestId) throw unreadable('sha256Hash is no SHA-256');
  return /^[0-9a-f]+$/i.test(sha256Hash) ? sha256Hash.toLowerCase() : sha256Hash;
}

function unreadable(problem: string): Error {
  return raise('PERSISTED_QUERY_INVALID', { problem });
}
