import type { CatalogueEntry } from './catalogue-entry.ts';

/** Limits against abuse: each says the limit, what was found, and how to change it. */
export const limitErrors = {
  DOCUMENT_TOKENS_EXCEEDED: {
    audience: 'client',
    status: 400,
    message:
      'The query has more than {limit} tokens (names, numbers, texts and signs), the most that one may have; its {length} characters were not read any further.',
    hint: 'Send long lists and texts as variables, which are not counted, or ask several questions. The operator can raise graph.limits.tokens; 0 switches the limit off.',
  },
  DOCUMENT_OPERATIONS_EXCEEDED: {
    audience: 'client',
    status: 400,
    message: 'The query has {found} operations; {limit} are the most that one may have.',
    hint: 'Send the operation that is to be run, and no others. The operator can raise graph.limits.operations; 0 switches the limit off.',
  },
  OPERATION_FIELDS_EXCEEDED: {
    audience: 'client',
    status: 400,
    message:
      '{operation} selects {found} fields, with every fragment counted as often as it is spread; {limit} are the most that one may select.',
    hint: 'Ask for fewer fields, or ask several questions. The operator can raise graph.limits.fields; 0 switches the limit off.',
  },
  OPERATION_ROOT_FIELDS_EXCEEDED: {
    audience: 'client',
    status: 400,
    message: '{operation} asks {found} root fields; {limit} are the most that one may ask.',
    hint: 'Ask for many of a kind with one list field and a filter, or ask several questions. The operator can raise graph.limits.rootFields; 0 switches the limit off.',
  },
  OPERATION_ALIASES_EXCEEDED: {
    audience: 'client',
    status: 400,
    message:
      '{operation} has {found} aliases, with every fragment counted as often as it is spread; {limit} are the most that one may have.',
    hint: 'Ask for many of a kind with one list field and a filter instead of aliases, or ask several questions. The operator can raise graph.limits.aliases; 0 switches the limit off.',
  },
  OPERATION_DIRECTIVES_EXCEEDED: {
    audience: 'client',
    status: 400,
    message:
      '{operation} has {found} directives, with every fragment counted as often as it is spread; {limit} are the most that one may have.',
    hint: 'Put a condition such as @include on the outermost field that it holds for. The operator can raise graph.limits.directives; 0 switches the limit off.',
  },
  DOCUMENT_COMPARISONS_EXCEEDED: {
    audience: 'client',
    status: 400,
    message:
      'The query selects the same in the same places so often that {found} pairs of fields and fragments would have to be compared; {limit} are the most.',
    hint: 'Select each field once in each place, and spread fewer fragments there. The operator can raise graph.limits.comparisons; 0 switches the limit off.',
  },
  INTROSPECTION_EXCEEDED: {
    audience: 'client',
    status: 400,
    message:
      'By __schema and __type, the operation asks for more than {most} fields of the schema, which is {limit} times what a tool asks to know all of it; that is the most.',
    hint: 'Ask for __schema once, without aliases inside, or ask several questions. The operator can raise graph.limits.introspection; 0 switches the limit off.',
  },
  LIST_ITEMS_EXCEEDED: {
    audience: 'client',
    status: 400,
    message: '{place} {found} values; {limit} are the most that a request may have there.',
    hint: 'Ask several times with a part of the values each. The operator can raise graph.limits.listItems; 0 switches the limit off.',
  },
  INPUT_FIELDS_EXCEEDED: {
    audience: 'client',
    status: 400,
    message:
      'The objects in the variables have more than {limit} fields by their types, given or not; {limit} are the most that there may be together.',
    hint: 'Leave out objects that ask for nothing, and ask several times with a part of them each. The operator can raise graph.limits.inputFields; 0 switches the limit off.',
  },
  LIST_SIZE_NOT_GIVEN: {
    audience: 'client',
    status: 400,
    message:
      '{field} has to be asked with exactly one of its arguments {arguments}, which say how long the list may become; {found} were given.',
    hint: "Give one of them a number. The field's owner decides so with @listSize(requireOneSlicingArgument:).",
  },
  COST_EXCEEDED: {
    audience: 'client',
    status: 400,
    message:
      'The question has an estimated cost of {found}; {limit} is the most that one may cost.',
    hint: 'Ask for shorter lists (first:), for fewer lists within lists, or for less at once. Objects cost 1, mutations 10, and a list as much as the items that it is expected to have. The operator can raise graph.limits.cost; 0 switches the limit off.',
  },
  RATE_LIMITED: {
    audience: 'client',
    status: 429,
    message:
      'This caller has used up what it may ask for at once: the question has an estimated cost of {found}, and {left} are left of {burst}.',
    hint: 'Ask again in {waitSeconds} s; {perSecond} come back in each second. The operator can raise graph.limits.costPerSecond and graph.limits.costBurst; a costPerSecond of 0 switches the limit off.',
  },
} as const satisfies Record<string, CatalogueEntry>;
