import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { checkNesting } from './check-nesting.ts';
import type { BudgetHolder, CallerBudgets } from './caller-budgets.ts';
import { checkListsOfDocument, checkListsOfVariables } from './check-lists.ts';
import { checkSize, isBeyond, numberText } from './check-size.ts';
import { compileCost, type OperationCost } from './cost/compile-cost.ts';
import { readCostDirectives, type CostDirectives } from './cost/cost-directives.ts';
import type { Variables } from './cost/expression.ts';
import { nothingKnown, type KnownListSizes } from './cost/list-sizes.ts';
import { checkIntrospection } from './check-introspection.ts';
import { compileInputFields, type CountInputFields } from './count-input-fields.ts';
import { countTokens } from './count-tokens.ts';

export type LimitSettings = Config['graph']['limits'];

interface LimitsOptions {
  readonly settings: LimitSettings;
  /** What the owners of the graph's fields say about their costs. */
  readonly directives: CostDirectives;
  /** What is known of the lengths of lists. */
  readonly known: KnownListSizes;
  /** Undefined where nobody is limited. */
  readonly budgets: CallerBudgets | undefined;
}

/** What is to be run, and for whom. */
export interface Admission extends BudgetHolder {
  readonly variables: Variables;
  readonly operation: AdmittedOperation;
}

/** What was found out of an operation once, to let it in with whatever variables. */
export interface AdmittedOperation {
  readonly costOf: OperationCost;
  /** Not there where no variable has objects in it. */
  readonly inputFieldsOf?: CountInputFields | undefined;
}

/** All limits of one graph, in the order in which a request meets them. */
export interface Limits {
  /**
   * Before the text is parsed.
   * @throws DOCUMENT_TOKENS_EXCEEDED, DOCUMENT_TOO_NESTED, DOCUMENT_TOO_LONG
   */
  readonly checkText: (text: string) => void;
  /**
   * Before the document is validated, once for each.
   * @throws whatever `checkSize` does, and LIST_ITEMS_EXCEEDED
   */
  readonly checkDocument: (document: DocumentNode) => void;
  /**
   * Once for each operation that was found valid.
   * @throws INTROSPECTION_EXCEEDED, LIST_SIZE_NOT_GIVEN
   */
  readonly compile: (
    document: DocumentNode,
    operation: OperationDefinitionNode,
    schema: GraphQLSchema,
  ) => AdmittedOperation;
  /**
   * For every request, before it is run. Its variables need not have been checked.
   * @returns the estimated cost
   * @throws LIST_ITEMS_EXCEEDED, INPUT_FIELDS_EXCEEDED, COST_EXCEEDED, RATE_LIMITED
   */
  readonly admit: (admission: Admission) => number;
  /** For a request that is answered from what was kept, and costs next to nothing. @throws RATE_LIMITED */
  readonly admitKept: (holder: BudgetHolder) => void;
  /** The most tokens that a parser should take; undefined: any number. */
  readonly maxTokens: number | undefined;
}

const costOfKept = 1;

export function createLimits({ settings, directives, known, budgets }: LimitsOptions): Limits {
  const { tokens, listItems, inputFields, cost: highest, assumedListSize } = settings;
  return {
    checkText: (text) => checkText(text, settings),
    checkDocument: (document) => checkDocument(document, settings),
    compile(document, operation, schema) {
      checkIntrospection({ document, operation, schema }, settings.introspection);
      const compile = (): OperationCost =>
        compileCost({ document, operation, schema }, { directives, known, assumedListSize });
      return {
        costOf: followed(compile, known),
        inputFieldsOf: inputFields === 0 ? undefined : compileInputFields(operation, schema),
      };
    },
    admit({ variables, operation: { costOf, inputFieldsOf }, ...holder }) {
      if (listItems !== 0) checkListsOfVariables(variables, listItems);
      if (inputFieldsOf !== undefined && inputFieldsOf(variables, inputFields) > inputFields)
        throw raise('INPUT_FIELDS_EXCEEDED', { limit: inputFields });
      const cost = costOf(variables);
      if (isBeyond(cost, highest))
        throw raise('COST_EXCEEDED', { found: numberText(cost), limit: highest });
      // Nothing is free that has to be run.
      budgets?.take(holder, Math.max(costOfKept, cost));
      return cost;
    },
    admitKept: (holder) => budgets?.take(holder, costOfKept),
    maxTokens: tokens === 0 ? undefined : tokens,
  };
}

/**
 * Of a subgraph that is served to other routers: they have decided on the cost of the whole, and send as many
 * representations as they need.
 */
export type DocumentLimits = Pick<Limits, 'checkText' | 'checkDocument' | 'maxTokens'>;

export function createDocumentLimits(settings: LimitSettings): DocumentLimits {
  return {
    checkText: (text) => checkText(text, settings),
    checkDocument: (document) => checkSize(document, settings),
    maxTokens: settings.tokens === 0 ? undefined : settings.tokens,
  };
}

function checkText(text: string, { tokens: limit }: LimitSettings): void {
  // No text has more tokens than characters.
  if (!isBeyond(text.length, limit) || countTokens(text, limit) <= limit) {
    checkNesting(text, 'The query');
    return;
  }
  // Whoever nests without end does so from the start, and is told so; the rest of the text is not worth reading.
  checkNesting(text.slice(0, limit), 'The query');
  throw raise('DOCUMENT_TOKENS_EXCEEDED', { limit, length: text.length });
}

function checkDocument(document: DocumentNode, settings: LimitSettings): void {
  checkSize(document, settings);
  const { tokens, listItems } = settings;
  const canBeTooLong = tokens === 0 || tokens > listItems;
  if (listItems !== 0 && canBeTooLong) checkListsOfDocument(document, listItems);
}

/** The limits of a graph: its supergraph says what its owners think that its fields cost. */
export function graphLimits({
  supergraphSdl,
  known = nothingKnown,
  ...rest
}: Omit<LimitsOptions, 'directives' | 'known'> & {
  readonly supergraphSdl: string;
  readonly known: KnownListSizes | undefined;
}): Limits {
  return createLimits({ ...rest, known, directives: readCostDirectives(supergraphSdl) });
}

/** Compiled anew where what is known of the lists became something else by far. */
function followed(compile: () => OperationCost, known: KnownListSizes): OperationCost {
  let { revision } = known;
  let costOf = compile();
  return (variables) => {
    if (known.revision !== revision) {
      costOf = compile();
      ({ revision } = known);
    }
    return costOf(variables);
  };
}
