import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import { checkSelectionDepth, mostNested } from '../../hub/compile/selection-depth.ts';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { countComparisons } from './count-comparisons.ts';
import { measureDocument, type OperationSize } from './measure-document.ts';

/** How large an operation may be; each is a setting under `graph.limits`, and 0 means no limit. */
export interface SizeLimits {
  readonly operations: number;
  readonly fields: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Pairs of fields and fragments that have to be compared, of the whole document. */
  readonly comparisons: number;
  /** Levels of selection sets; always limited. */
  readonly selectionDepth: number;
}

/**
 * Refuses a document with an operation that is too large, whichever is to be run: what validates the document looks at
 * all of them. It need not have been validated.
 *
 * @throws DOCUMENT_OPERATIONS_EXCEEDED, OPERATION_FIELDS_EXCEEDED, OPERATION_ROOT_FIELDS_EXCEEDED,
 * OPERATION_ALIASES_EXCEEDED, OPERATION_DIRECTIVES_EXCEEDED, SELECTION_TOO_DEEP, DOCUMENT_TOO_NESTED,
 * DOCUMENT_COMPARISONS_EXCEEDED
 */
export function checkSize(document: DocumentNode, limits: SizeLimits): void {
  const sizes = measureDocument(document);
  if (isBeyond(sizes.length, limits.operations))
    throw raise('DOCUMENT_OPERATIONS_EXCEEDED', { found: sizes.length, limit: limits.operations });
  for (const size of sizes) {
    const refusal = refusalOf(size, limits);
    if (refusal !== undefined) throw refusal;
    const { operation, depth, nesting } = size;
    if (depth <= limits.selectionDepth && nesting <= mostNested) continue;
    // It says where.
    checkSelectionDepth({ operation, fragments: fragmentsOf(document) }, limits, depth);
  }
  checkComparisons(document, limits.comparisons);
}

function checkComparisons(document: DocumentNode, limit: number): void {
  if (limit === 0) return;
  const found = countComparisons(document, limit);
  if (found > limit)
    throw raise('DOCUMENT_COMPARISONS_EXCEEDED', { found: `at least ${found}`, limit });
}

function refusalOf(size: OperationSize, limits: SizeLimits): TributaryError | undefined {
  const operation = describeOperation(size.operation);
  const said = (name: 'fields' | 'rootFields' | 'aliases' | 'directives') => ({
    operation,
    found: numberText(size[name]),
    limit: limits[name],
  });
  if (isBeyond(size.rootFields, limits.rootFields))
    return raise('OPERATION_ROOT_FIELDS_EXCEEDED', said('rootFields'));
  if (isBeyond(size.aliases, limits.aliases))
    return raise('OPERATION_ALIASES_EXCEEDED', said('aliases'));
  if (isBeyond(size.directives, limits.directives))
    return raise('OPERATION_DIRECTIVES_EXCEEDED', said('directives'));
  if (isBeyond(size.fields, limits.fields))
    return raise('OPERATION_FIELDS_EXCEEDED', said('fields'));
  return undefined;
}

export function isBeyond(found: number, limit: number): boolean {
  return limit !== 0 && found > limit;
}

/** Beyond what numbers can tell apart, a number says no more than that. */
export function numberText(value: number): number | string {
  return value <= Number.MAX_SAFE_INTEGER ? value : `more than ${Number.MAX_SAFE_INTEGER}`;
}

const longestName = 50;

function describeOperation({ operation, name }: OperationDefinitionNode): string {
  return name === undefined
    ? `The ${operation}`
    : `The ${operation} ${name.value.slice(0, longestName)}`;
}
