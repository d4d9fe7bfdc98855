import { raise } from '../foundation/errors/tributary-error.ts';

export interface PageArguments {
  readonly first: number;
  readonly after?: string | null | undefined;
}

/**
 * The page that a field was asked for.
 * @throws PAGE_SIZE_INVALID
 */
export function readPageArguments(
  field: string,
  { first, after }: PageArguments,
  pageSize: number,
): { readonly first: number; readonly after: string | undefined } {
  checkSize(field, first, pageSize);
  return { first, after: cursorOf(after) };
}

/** @throws PAGE_SIZE_INVALID */
export function checkSize(field: string, first: number, pageSize: number): void {
  if (first >= 0 && first <= pageSize) return;
  throw raise('PAGE_SIZE_INVALID', { field, argument: 'first', size: first, limit: pageSize });
}

/** Low-code tools send an empty text where they have no cursor yet. */
export function cursorOf(after: string | null | undefined): string | undefined {
  return after === null || after === '' ? undefined : after;
}
