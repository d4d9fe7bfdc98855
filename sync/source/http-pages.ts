import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { HttpAnswer } from '../../foundation/http-send.ts';
import type { HttpSource } from '../declaration/sync-declaration.ts';
import { hasHalfCharacter, isRow } from './json-rows.ts';

/** A page that is to be asked for. */
export interface PageState {
  readonly url: string;
  /** From 1. */
  readonly number: number;
  /** What was asked for before, so that a server that goes round in circles is noticed. */
  readonly asked: Set<string>;
  /** The rows of the page before, as one text. */
  readonly before: string | undefined;
}

interface ReadPage {
  readonly body: unknown;
  readonly answer: HttpAnswer;
  readonly rows: readonly string[];
}

export function firstPage(source: HttpSource, since: string | undefined): PageState {
  const { page } = source;
  const url = new URL(source.url);
  if (source.since !== undefined && since !== undefined) url.searchParams.set(source.since, since);
  if (page.kind === 'number') url.searchParams.set(page.parameter, String(page.first));
  if ((page.kind === 'number' || page.kind === 'cursor') && page.size !== undefined)
    url.searchParams.set(page.sizeParameter, String(page.size));
  return { url: url.href, number: 1, asked: new Set([url.href]), before: undefined };
}

/**
 * The page after one that was read; undefined behind the last one.
 * @throws SYNC_SOURCE_ANSWER_INVALID when it was asked for already, or leads to another server
 */
export function nextPage(
  source: HttpSource,
  page: PageState,
  read: ReadPage,
): PageState | undefined {
  const url = nextUrl(source, page, read);
  if (url === undefined) return undefined;
  if (page.asked.has(url))
    throw invalidAnswer(
      source,
      `its pages go round in circles: page ${page.number} leads to one that was read before`,
    );
  const rows = read.rows.join('\n');
  if (rows !== '' && rows === page.before)
    throw invalidAnswer(
      source,
      `two pages in a row, ${page.number - 1} and ${page.number}, have the same rows`,
    );
  page.asked.add(url);
  return { ...page, url, number: page.number + 1, before: rows };
}

/** The rows of an answer, each as JSON. */
export function rowsIn(body: unknown, source: HttpSource): readonly string[] {
  const list = memberAt(body, source.rows);
  const place = source.rows.length === 0 ? 'the answer' : source.rows.join('.');
  if (!Array.isArray(list)) throw invalidAnswer(source, `${place} is no list of rows`);
  return list.map((row: unknown, position) => {
    if (!isRow(row)) throw invalidAnswer(source, `item ${position + 1} of ${place} is no object`);
    if (hasHalfCharacter(row))
      throw invalidAnswer(source, `item ${position + 1} of ${place} has half a character`);
    return JSON.stringify(row);
  });
}

/** Without what may be secret: credentials and query. */
export function nameOf({ url }: Pick<HttpSource, 'url'>): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

export function invalidAnswer(
  source: Pick<HttpSource, 'url'>,
  problem: string,
  cause?: unknown,
): TributaryError {
  const parameters = { source: nameOf(source), problem: `${problem}.` };
  return raise('SYNC_SOURCE_ANSWER_INVALID', parameters, { cause });
}

function nextUrl(source: HttpSource, page: PageState, read: ReadPage): string | undefined {
  const paging = source.page;
  switch (paging.kind) {
    case 'none':
      return undefined;
    case 'link':
      return linkedPage(source, page, read.answer);
    case 'cursor': {
      const cursor = memberAt(read.body, paging.nextCursor);
      if (cursor === undefined || cursor === null || cursor === '') return undefined;
      if (typeof cursor !== 'string' && typeof cursor !== 'number')
        throw invalidAnswer(
          source,
          `${paging.nextCursor.join('.')} is neither a text nor a number`,
        );
      return withParameter(page.url, paging.parameter, String(cursor));
    }
    case 'number': {
      const isLast = read.rows.length < (paging.size ?? 1);
      return isLast
        ? undefined
        : withParameter(page.url, paging.parameter, String(paging.first + page.number));
    }
  }
}

/** RFC 8288, `Link: <https://…>; rel="next"`. It must not lead elsewhere: our headers would go along. */
function linkedPage(
  source: HttpSource,
  page: PageState,
  { headers }: HttpAnswer,
): string | undefined {
  const links = (headers['link'] ?? '').matchAll(
    /<([^>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^",;\s]+))?)*)/g,
  );
  const next = [...links].find(([, , parameters = '']) =>
    /;\s*rel\s*=\s*"?(?:[^"]*\s)?next\b/i.test(parameters),
  );
  if (next?.[1] === undefined) return undefined;
  if (!URL.canParse(next[1], page.url))
    throw invalidAnswer(source, 'its link to the next page is no URL');
  const url = new URL(next[1], page.url);
  if (url.origin !== new URL(source.url).origin)
    throw invalidAnswer(source, `its link to the next page leads to another server, ${url.origin}`);
  return url.href;
}

function withParameter(url: string, name: string, text: string): string {
  const next = new URL(url);
  next.searchParams.set(name, text);
  return next.href;
}

/** The member that a path leads to; undefined where there is none. */
function memberAt(value: unknown, path: readonly string[]): unknown {
  let found: unknown = value;
  for (const step of path) {
    if (!isRow(found) || !Object.hasOwn(found, step)) return undefined;
    found = found[step];
  }
  return found;
}
