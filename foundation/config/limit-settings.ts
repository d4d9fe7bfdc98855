import { z } from 'zod';
import { count, durationMs } from './number-settings.ts';

/** Deeper than this, what reads a question before us could run out of stack. */
const depth = z.int().min(1).max(150);
/** 0 switches the limit off. */
const countOrOff = z.int().min(0);

/** `graph.limits`: how far a question may go, and how much callers may ask. */
export const limits = z
  .strictObject({
    tokens: countOrOff
      .default(15_000)
      .describe(
        'Most tokens (names, numbers, texts and signs) of a query; those of its variables do not count. 0: no limit.',
      ),
    operations: countOrOff
      .default(50)
      .describe('Most operations in one query, of which one is run. 0: no limit.'),
    fields: countOrOff
      .default(5_000)
      .describe(
        'Most fields that an operation selects, with fragments counted as often as they are spread. 0: no limit.',
      ),
    rootFields: countOrOff.default(500).describe('Most root fields of an operation. 0: no limit.'),
    aliases: countOrOff.default(1_000).describe('Most aliases in an operation. 0: no limit.'),
    directives: countOrOff.default(500).describe('Most directives in an operation. 0: no limit.'),
    comparisons: countOrOff
      .default(50_000)
      .describe(
        'Most pairs of fields or fragments of a query that have to be compared because they meet in one place. 0: no limit.',
      ),
    introspection: countOrOff
      .default(3)
      .describe(
        'How often over an operation may read the schema; once is what a tool asks to know all of it. 0: no limit.',
      ),
    listItems: countOrOff
      .default(25_000)
      .describe(
        'Most values in any one list of an argument, and in all lists of the variables together. 0: no limit.',
      ),
    inputFields: countOrOff
      .default(200_000)
      .describe(
        'Most fields that the objects in the variables have by their types, given or not, together. 0: no limit.',
      ),
    cost: countOrOff
      .default(1_000_000)
      .describe(
        'Highest estimated cost of an operation: 1 an object, 10 a mutation, times the expected length of lists, ' +
          'and as @cost and @listSize say. 0: no limit.',
      ),
    assumedListSize: count
      .default(10)
      .describe('Expected length of a list of which nothing is known, for the estimate of costs.'),
    costPerSecond: countOrOff
      .default(0)
      .describe(
        'Cost that a caller may cause in a second, on average: the holder of an API key, the subject of a token, ' +
          'or an address. 0: no limit.',
      ),
    costBurst: count
      .default(100_000)
      .describe('Cost that a caller who asked nothing for a while may cause at once.'),
    pageSize: count.default(10_000).describe('Most rows of one page.'),
    selectionDepth: depth.default(64).describe('Levels of selection sets in a question.'),
    filterDepth: depth.default(64).describe('Levels of filters within filters.'),
    conditions: count.default(2_000).describe('Conditions in the filters of an operation.'),
    listValues: count
      .default(20_000)
      .describe('Values in the lists of the conditions of an operation.'),
    orderTerms: count.default(10).describe('Things to sort by.'),
    groupKeys: count.default(8).describe('Things to group by.'),
    groups: count.default(10_000).describe('Groups of one aggregate.'),
    rowsInAnswer: count
      .default(100_000)
      .describe('Rows of the lake in one answer, over all its fields.'),
    rowsRead: count
      .default(200_000_000)
      .describe('Rows that one operation may make the lake look at.'),
    timeoutMs: durationMs
      .default(20_000)
      .describe(
        'Longest time that a question to the lake may wait and run; it is stopped in DuckDB then.',
      ),
  })
  .prefault({})
  .describe('How far a question may go; one that goes further is refused.');

export const errorDetail = z
  .enum(['full', 'code'])
  .default('full')
  .describe(
    'What the errors of an answer say: all that helps, or, for graphs of which callers are to learn nothing, ' +
      'their code and place without advice, without near names, and without what subgraphs say.',
  );

export const costInAnswers = z
  .boolean()
  .default(false)
  .describe(
    'Whether every answer tells its estimated cost, in `extensions.cost`; one that is explained always does.',
  );
