import type { CatalogueEntry } from './catalogue-entry.ts';

/** Documents that are asked for by a name or a hash. */
export const documentErrors = {
  // The texts and the statuses of the first two are the protocol: clients compare them.
  PERSISTED_QUERY_NOT_FOUND: {
    audience: 'client',
    status: 200,
    message: 'PersistedQueryNotFound',
    hint: 'Send the query once together with its hash; clients with persisted queries do so by themselves.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    audience: 'client',
    status: 200,
    message: 'PersistedQueryNotSupported',
    hint: 'Send the query itself; the operator turns hashes on with the setting graph.documents.automatic.',
  },
  PERSISTED_QUERY_INVALID: {
    audience: 'client',
    status: 400,
    message: 'The extension persistedQuery cannot be read: {problem}.',
    hint: 'Send an object with the version 1 and, as sha256Hash, the SHA-256 of the query in 64 hexadecimal digits.',
  },
  PERSISTED_QUERY_MISMATCH: {
    audience: 'client',
    status: 400,
    message:
      'The sha256Hash {hash} is not the hash of the query that came with it, which is {actual}.',
    hint: 'Hash the text of the query exactly as it is sent, as UTF-8.',
  },
  DOCUMENT_ID_INVALID: {
    audience: 'client',
    status: 400,
    message: 'The documentId cannot be used: {problem}.',
    hint: 'Send the id of a registered document, or sha256: and the SHA-256 of its text, and no query beside it.',
  },
  DOCUMENT_NOT_FOUND: {
    audience: 'client',
    status: 404,
    message: 'There is no document with the id "{id}".',
    hint: 'Send the query itself, or let the operator register the document: graph.documents.trustedFiles lists the manifests.',
  },
  DOCUMENT_NOT_TRUSTED: {
    audience: 'client',
    status: 403,
    message: 'This server answers registered documents only, and {what} is none of them.',
    hint: 'Register the document in a manifest of graph.documents.trustedFiles, with exactly the text that is sent, or let the operator turn off graph.documents.onlyTrusted.',
  },
  TRUSTED_DOCUMENTS_UNREADABLE: {
    audience: 'operator',
    status: 500,
    message: 'The manifest of trusted documents {file} cannot be read: {problem}.',
    hint: 'graph.documents.trustedFiles lists JSON files, whose paths start at the folder of tributary.yaml.',
  },
  TRUSTED_DOCUMENTS_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The manifest of trusted documents {file} is wrong: {problem}.',
    hint: "Write a JSON object of ids and documents, or Apollo's manifest, with the format apollo-persisted-query-manifest, the version 1, and operations of which each has an id and a body.",
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
