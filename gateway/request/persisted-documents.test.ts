import { describe, expect, it } from 'vitest';
import { AutomaticDocuments } from './automatic-documents.ts';
import { withFoundDocument } from './named-request.ts';
import { findDocument, type AskedDocument, type KnownDocuments } from './persisted-documents.ts';
import { hashOf, TrustedDocuments } from './trusted-documents.ts';

const text = '{ a }';
const trustedText = 'query Trusted { b }';
const byHash = (sha256Hash: string, more: object = {}): AskedDocument => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
  ...more,
});

function known(more: Partial<KnownDocuments> = {}): KnownDocuments {
  return {
    trusted: new TrustedDocuments([['id-1', trustedText]]),
    isOnlyTrusted: false,
    automatic: new AutomaticDocuments(10_000),
    ...more,
  };
}

function codeOf(asked: AskedDocument, documents = known()): unknown {
  try {
    findDocument(asked, documents);
    return 'none';
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

describe('a document is found', () => {
  it('by its text', () => {
    expect(findDocument({ query: text }, known())).toBe(text);
  });

  it.each([
    ['its id', { documentId: 'id-1' }],
    ['its hash', { documentId: `sha256:${hashOf(trustedText)}` }],
    ["its hash in Apollo's protocol", byHash(hashOf(trustedText))],
    ['its hash in capitals', byHash(hashOf(trustedText).toUpperCase())],
    ["its id in Apollo's protocol", byHash('id-1')],
    ['its id and its text', byHash('id-1', { query: trustedText })],
  ])('by %s once it is registered', (_, asked) => {
    expect(findDocument(asked, known())).toBe(trustedText);
    expect(findDocument(asked, known({ isOnlyTrusted: true, automatic: undefined }))).toBe(
      trustedText,
    );
  });

  it('by its hash once it was sent with it', () => {
    const documents = known();
    const hash = hashOf(text);
    expect(codeOf(byHash(hash), documents)).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(findDocument(byHash(hash, { query: text }), documents)).toBe(text);
    expect(findDocument(byHash(hash), documents)).toBe(text);
    expect(findDocument({ documentId: `sha256:${hash}` }, documents)).toBe(text);
  });

  it.each([[{}], [{ query: '' }], [{ query: null }], [{ query: 7 }], [{ extensions: { a: 1 } }]])(
    'by nothing where the request names none: %j',
    (asked) => {
      expect(findDocument(asked, known())).toBeUndefined();
    },
  );
});

describe('a document is refused', () => {
  const only = known({ isOnlyTrusted: true });
  it.each<readonly [string, AskedDocument, KnownDocuments, string]>([
    [
      'whose hash is another',
      byHash(hashOf(trustedText), { query: text }),
      known(),
      'PERSISTED_QUERY_MISMATCH',
    ],
    [
      'whose hash is unknown',
      byHash(hashOf(text)),
      known({ automatic: undefined }),
      'PERSISTED_QUERY_NOT_SUPPORTED',
    ],
    ['whose hash is none', byHash('7'), known(), 'PERSISTED_QUERY_INVALID'],
    [
      'of another version',
      { extensions: { persistedQuery: { version: 2, sha256Hash: hashOf(text) } } },
      known(),
      'PERSISTED_QUERY_INVALID',
    ],
    [
      'without a hash',
      { extensions: { persistedQuery: { version: 1 } } },
      known(),
      'PERSISTED_QUERY_INVALID',
    ],
    ['of no object', { extensions: { persistedQuery: 'x' } }, known(), 'PERSISTED_QUERY_INVALID'],
    ['of a huge hash', byHash('a'.repeat(100_000)), known(), 'PERSISTED_QUERY_INVALID'],
    ['whose id is unknown', { documentId: 'id-2' }, known(), 'DOCUMENT_NOT_FOUND'],
    ['whose id is of every object', { documentId: '__proto__' }, known(), 'DOCUMENT_NOT_FOUND'],
    ['whose id is no text', { documentId: 7 }, known(), 'DOCUMENT_ID_INVALID'],
    ['whose id is huge', { documentId: 'a'.repeat(100_000) }, known(), 'DOCUMENT_ID_INVALID'],
    ['of an id and a text', { documentId: 'id-1', query: text }, known(), 'DOCUMENT_ID_INVALID'],
    ['that is not trusted, by its text', { query: text }, only, 'DOCUMENT_NOT_TRUSTED'],
    ['that is nearly trusted', { query: `${trustedText} ` }, only, 'DOCUMENT_NOT_TRUSTED'],
    ['that is not trusted, by its hash', byHash(hashOf(text)), only, 'DOCUMENT_NOT_TRUSTED'],
    [
      'that is not trusted, by both',
      byHash(hashOf(text), { query: text }),
      only,
      'DOCUMENT_NOT_TRUSTED',
    ],
    ['that is not trusted, by its id', { documentId: 'id-2' }, only, 'DOCUMENT_NOT_TRUSTED'],
  ])('%s', (_, asked, documents, code) => {
    expect(codeOf(asked, documents)).toBe(code);
  });
});

describe('documents that clients add', () => {
  it('take no more bytes than they may, and those go first that nobody asked', () => {
    const documents = new AutomaticDocuments(3_000);
    for (const name of ['a', 'b', 'c']) documents.add(name, `{ ${name.repeat(300)} }`);
    documents.get('a');
    documents.add('d', `{ ${'d'.repeat(300)} }`);
    expect(['a', 'b', 'c', 'd'].map((name) => documents.get(name) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    documents.add('huge', 'x'.repeat(10_000));
    expect(documents.get('huge')).toBeUndefined();
    for (let count = 0; count < 1_000; count++) documents.add(`n${count}`, 'x'.repeat(count));
    expect(documents.sizeBytes).toBeLessThanOrEqual(3_000);
  });
});

describe('a request with a found document', () => {
  it('is the one that a client would send that knows no hashes', () => {
    const documents = known();
    const body = { ...byHash('id-1'), variables: { x: 1 }, operationName: 'Trusted' };
    expect(withFoundDocument('POST', { search: '', body }, documents).body).toEqual({
      query: trustedText,
      variables: { x: 1 },
      operationName: 'Trusted',
    });
    const others = { extensions: { mine: 1, persistedQuery: { version: 1, sha256Hash: 'id-1' } } };
    expect(withFoundDocument('POST', { search: '', body: others }, documents).body).toEqual({
      query: trustedText,
      extensions: { mine: 1 },
    });
    const search = `?documentId=id-1&variables=${encodeURIComponent('{"x":1}')}`;
    const found = withFoundDocument('GET', { search, body: '' }, documents).search;
    expect(Object.fromEntries(new URLSearchParams(found))).toEqual({
      query: trustedText,
      variables: '{"x":1}',
    });
  });

  it('is left as it is where it has its text, or is none', () => {
    for (const body of [{ query: text, extensions: { a: 1 } }, [{ query: text }], null, 7, {}]) {
      const parts = { search: '', body };
      expect(withFoundDocument('POST', parts, known())).toBe(parts);
    }
  });
});
