import { buildSchema, executeSync, getIntrospectionQuery, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import {
  countSchemaFields,
  countWholeSchema,
  type OperationOfSchema,
} from './count-schema-fields.ts';

const schema = buildSchema(`
  type Query { pets(where: PetFilter, kind: [Kind!]!): [Pet!]! one(id: ID!): Pet old: Int @deprecated }
  interface Pet { id: ID! name: String }
  type Dog implements Pet { id: ID! name: String barks: Boolean! }
  type Cat implements Pet { id: ID! name: String }
  union Any = Dog | Cat
  enum Kind { DOG CAT OTHER @deprecated }
  input PetFilter { name: String and: [PetFilter!] old: Int @deprecated }
  directive @mark(of: Kind!) on FIELD
`);

const asked = (text: string): OperationOfSchema => {
  const document = parse(text);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('There is no operation.');
  return { document, operation, schema };
};

/** Fields of the objects in an answer, but not those of its first level. */
function fieldsOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + fieldsOf(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const inner: readonly unknown[] = Object.values(value);
  return inner.length + fieldsOf(inner);
}

const rest = getIntrospectionQuery({ inputValueDeprecation: true });
const fragments = rest.slice(rest.indexOf('fragment FullType'));

describe('the fields of the schema that an operation asks for', () => {
  it.each([
    ['what tools ask', rest],
    ['one type by its name', `{ __type(name: "Dog") { ...FullType } } ${fragments}`],
    ['a type that there is not', '{ __type(name: "Bird") { name fields { name } } }'],
    [
      'aliases and fragments',
      '{ a: __schema { ...S } ... on Query { b: __schema { ...S types { kind } } } } fragment S on __Schema { directives { args { type { ofType { enumValues(includeDeprecated: true) { name } } } } } }',
    ],
    [
      'types of types',
      '{ __schema { types { possibleTypes { interfaces { fields { type { name } } } } } } }',
    ],
    ['nothing of the schema', '{ __typename old }'],
  ])('are as many as its answer has: %s', (_, text) => {
    const { document } = asked(text);
    const { data, errors } = executeSync({ schema, document });
    expect(errors).toBeUndefined();
    const answered = fieldsOf(data) - Object.keys(data ?? {}).length;
    expect(countSchemaFields(asked(text), Number.POSITIVE_INFINITY)).toBe(answered);
  });

  it('of a type that a variable names are those of the largest', () => {
    const count = (name: string): number => {
      const text = `query ($n: String!) { __type(name: ${name}) { fields { name } enumValues { name } } }`;
      return countSchemaFields(asked(text), Number.POSITIVE_INFINITY);
    };
    expect(count('$n')).toBe(count('"__DirectiveLocation"'));
    expect(count('$n')).toBeGreaterThan(count('"Cat"'));
  });

  it('are counted no further than asked, and those of one selection once', () => {
    const whole = countWholeSchema(schema);
    const inner = 'types { fields { type { fields { args { type { name } } } } } }';
    const apart = repeat((n) => `a${n}: __schema { ${inner} }`);
    expect(countSchemaFields(asked(`{ ${apart} }`), whole)).toBe(Number.POSITIVE_INFINITY);
    const shared = `{ ${repeat((n) => `a${n}: __schema { ...S }`)} } fragment S on __Schema { ${inner} }`;
    const found = countSchemaFields(asked(shared), whole);
    expect(found).toBeGreaterThan(whole);
    expect(found).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

function repeat(text: (n: number) => string): string {
  return Array.from({ length: 400 }, (_, n) => text(n)).join(' ');
}
