import { raise } from '../../foundation/errors/tributary-error.ts';
import type { HubLimits } from '../limits.ts';
import { parseCursor } from './cursor.ts';
import type { CursorPlace, Page } from './list-question.ts';
import type { Order } from './order.ts';

/** The values of a field's arguments; what is not given is not there. */
export type PageArguments = Readonly<Record<string, unknown>>;

interface ReadPageOptions {
  readonly values: PageArguments;
  readonly limits: HubLimits;
  /** The field, for errors, and the list that cursors belong to. */
  readonly list: string;
  readonly order: Order;
  /** The page's size when none is asked for. */
  readonly defaultSize: number | undefined;
}

/** @throws PAGE_SIZE_INVALID, PAGE_OFFSET_INVALID, PAGE_ARGUMENTS_CLASH, CURSOR_INVALID */
export function readPage({ values, limits, list, order, defaultSize }: ReadPageOptions): Page {
  refuseClashes(values, list);
  const first = readSize('first', values, limits, list);
  const last = readSize('last', values, limits, list);
  const after = readCursor('after', values, list, order);
  const before = readCursor('before', values, list, order);
  const isBackward = last !== undefined || (before !== undefined && first === undefined);
  return {
    direction: isBackward ? 'backward' : 'forward',
    limit: first ?? last ?? defaultSize,
    offset: readOffset(values, list),
    after,
    before,
  };
}

const clashes = [
  ['first', 'last'],
  ['offset', 'last'],
  ['offset', 'before'],
] as const;

function refuseClashes(values: PageArguments, list: string): void {
  for (const [one, other] of clashes) {
    if (isGiven(values[one]) && isGiven(values[other])) {
      throw raise('PAGE_ARGUMENTS_CLASH', { list, one, other });
    }
  }
}

function readSize(
  argument: 'first' | 'last',
  values: PageArguments,
  { pageSize }: HubLimits,
  field: string,
): number | undefined {
  const value = values[argument];
  if (!isGiven(value)) return undefined;
  const size = Number(value);
  if (Number.isInteger(size) && size >= 0 && size <= pageSize) return size;
  throw raise('PAGE_SIZE_INVALID', { field, argument, size: String(value), limit: pageSize });
}

function readOffset({ offset }: PageArguments, field: string): number {
  if (!isGiven(offset)) return 0;
  const rows = Number(offset);
  if (Number.isInteger(rows) && rows >= 0) return rows;
  throw raise('PAGE_OFFSET_INVALID', { field, offset: String(offset) });
}

function readCursor(
  argument: 'after' | 'before',
  values: PageArguments,
  field: string,
  order: Order,
): CursorPlace | undefined {
  const value = values[argument];
  if (!isGiven(value)) return undefined;
  const text = String(value);
  const parsed = parseCursor(field, order, text);
  if (parsed.kind === 'place') return parsed.place;
  const problem =
    parsed.kind === 'foreign'
      ? 'belongs to another list, or to another `orderBy` or `search`'
      : 'is not one that this list gave';
  throw raise('CURSOR_INVALID', { cursor: text.slice(0, 80), field, argument, problem });
}

/** Low-code tools send an empty text where they have no cursor yet. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
