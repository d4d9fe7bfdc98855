import {
  getNamedType,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isListType,
  isScalarType,
  isSpecifiedScalarType,
  parse,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { isJsonObject, mapMembers, type JsonObject } from '../../foundation/json-object.ts';
import { hasInexactNumber } from '../../wire/exact-json.ts';
import type { ExactNumbers } from '../../wire/exact-numbers.ts';
import type { FrontRequest } from '../http/route.ts';
import type { QuestionParts } from './named-request.ts';

/** The same question, with variables that have kept their digits. */
export type KeepDigits = (
  parts: QuestionParts,
  request: FrontRequest,
  numbers: ExactNumbers,
) => QuestionParts;

/**
 * Variables keep the digits that no double has where a scalar stands that GraphQL does not define. One of the lake
 * takes them as text, a subgraph's own comes to the subgraph as the client sent it. An ID is their text. Anywhere else
 * they are the numbers that they are to JavaScript. Costs a glance at the text of a request that has no such number.
 */
export function digitKeeper(
  schema: () => GraphQLSchema,
  lakeScalars: ReadonlySet<string>,
): KeepDigits {
  return (parts, { method, body }, numbers) => {
    if (method !== 'GET') {
      if (!isJsonObject(parts.body) || !hasInexactNumber(body)) return parts;
      const exact = numbers.read(body);
      if (!isJsonObject(exact) || !isJsonObject(exact['variables'])) return parts;
      const { query, operationName } = parts.body;
      const variables = typed({ query, operationName }, exact['variables'], numbers);
      return { ...parts, body: { ...parts.body, variables } };
    }
    // In a URL digits are digits, and nothing else is easily told.
    if (!/\d{12}|\d[eE]/.test(parts.search)) return parts;
    const search = new URLSearchParams(parts.search);
    const exact = readVariables(search.get('variables') ?? '', numbers);
    if (exact === undefined) return parts;
    const asked = { query: search.get('query'), operationName: search.get('operationName') };
    search.set('variables', JSON.stringify(typed(asked, exact, numbers)));
    return { ...parts, search: `?${search.toString()}` };
  };

  function typed(
    asked: { readonly query: unknown; readonly operationName: unknown },
    variables: JsonObject,
    numbers: ExactNumbers,
  ): JsonObject {
    const types = variableTypes(asked, schema());
    const variable = new TypedNumbers(numbers, lakeScalars);
    return mapMembers(variables, (value, name) => variable.read(value, types.get(name)));
  }
}

/** Undefined where there are none with such a number, or no JSON, which Apollo Server says. */
function readVariables(json: string, numbers: ExactNumbers): JsonObject | undefined {
  if (!hasInexactNumber(json)) return undefined;
  try {
    const read = numbers.read(json);
    return isJsonObject(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

function variableTypes(
  { query, operationName }: { readonly query: unknown; readonly operationName: unknown },
  schema: GraphQLSchema,
): ReadonlyMap<string, GraphQLInputType | undefined> {
  const operation = findOperation(query, operationName);
  const definitions = operation?.variableDefinitions ?? [];
  return new Map(
    definitions.map(({ variable, type }) => {
      return [variable.name.value, typeFromAST(schema, type) as GraphQLInputType | undefined];
    }),
  );
}

/** Undefined where there is none, as whoever answers the question will say. */
function findOperation(query: unknown, name: unknown): OperationDefinitionNode | undefined {
  if (typeof query !== 'string') return undefined;
  try {
    const document = parse(query, { noLocation: true });
    return getOperationAST(document, typeof name === 'string' ? name : undefined) ?? undefined;
  } catch {
    return undefined;
  }
}

class TypedNumbers {
  readonly #numbers: ExactNumbers;
  readonly #lakeScalars: ReadonlySet<string>;

  constructor(numbers: ExactNumbers, lakeScalars: ReadonlySet<string>) {
    this.#numbers = numbers;
    this.#lakeScalars = lakeScalars;
  }

  read(value: unknown, type: GraphQLInputType | undefined): unknown {
    const nullable = type && getNullableType(type);
    if (Array.isArray(value)) {
      const itemType = isListType(nullable) ? nullable.ofType : type;
      return value.map((item: unknown) => this.read(item, itemType));
    }
    const named = getNamedType(nullable);
    if (isScalarType(named) && !isSpecifiedScalarType(named))
      return this.#lakeScalars.has(named.name) ? this.#numbers.asText(value) : value;
    if (isJsonObject(value)) {
      const fields = isInputObjectType(named) ? named.getFields() : {};
      return mapMembers(value, (member, name) => this.read(member, fields[name]?.type));
    }
    const digits = this.#numbers.digitsOf(value);
    if (digits === undefined) return value;
    // An ID may be given as an integer, and is text: https://spec.graphql.org/September2025/#sec-ID
    return isScalarType(named) && named.name === 'ID' && /^-?\d+$/.test(digits)
      ? digits
      : Number(digits);
  }
}
