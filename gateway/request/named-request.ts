import {
  findDocument,
  isNamed,
  otherExtensions,
  type AskedDocument,
  type KnownDocuments,
} from './persisted-documents.ts';
import { parseJson } from '../../foundation/json-object.ts';

/** Where the parameters of a question stand: in the query string of a GET, in the parsed body of a POST. */
export interface QuestionParts {
  readonly search: string;
  readonly body: unknown;
}

/**
 * The same question with the text of its document in the place of its id or hash. What is no question at all is left
 * to whoever answers it.
 * @throws what `findDocument` throws
 */
export function withFoundDocument(
  method: string,
  parts: QuestionParts,
  documents: KnownDocuments,
): QuestionParts {
  if (method === 'GET') return { ...parts, search: withFoundSearch(parts.search, documents) };
  const { body } = parts;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return parts;
  const asked: AskedDocument = body;
  const query = findDocument(asked, documents);
  if (query === undefined || !isNamed(asked)) return parts;
  const { documentId: _id, extensions, ...others } = asked;
  const left = otherExtensions(extensions);
  return { ...parts, body: { ...others, query, ...(left !== undefined && { extensions: left }) } };
}

function withFoundSearch(search: string, documents: KnownDocuments): string {
  const parameters = new URLSearchParams(search);
  const asked: AskedDocument = {
    query: parameters.get('query') ?? undefined,
    documentId: parameters.get('documentId') ?? undefined,
    extensions: parseJson(parameters.get('extensions') ?? ''),
  };
  const query = findDocument(asked, documents);
  if (query === undefined || !isNamed(asked)) return search;
  parameters.delete('documentId');
  parameters.delete('extensions');
  parameters.set('query', query);
  const left = otherExtensions(asked.extensions);
  if (left !== undefined) parameters.set('extensions', JSON.stringify(left));
  return `?${parameters.toString()}`;
}
