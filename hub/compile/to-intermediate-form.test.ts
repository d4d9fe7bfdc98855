import { describe, expect, it } from 'vitest';
import { compileQuery } from '../testing/compile-query.ts';
import { inlineProject } from '../testing/inline-project.ts';
import { shopSchemas } from '../testing/shop.ts';
import type { EntityMember, EntitySelection, RootForm } from './intermediate-form.ts';

const { hubSchema } = inlineProject(shopSchemas);

function formsOf(
  query: string,
  conditions: Readonly<Record<string, boolean>> = {},
): readonly RootForm[] {
  return compileQuery(hubSchema, query, conditions).map(({ form }) => form);
}

/** A selection as text: `name`, `alias: name`, `orders { … }`. */
function describeSelection({ members }: EntitySelection): string {
  return members.map(describeMember).join(' ');
}

function describeMember(member: EntityMember): string {
  const { responseKey } = member;
  switch (member.kind) {
    case 'typename':
      return `${responseKey}: __typename`;
    case 'field':
      return `${responseKey}: ${member.source.owner.domain}.${member.source.field.name}`;
    case 'relation': {
      const { target, source } = member;
      const below =
        target.kind === 'entity'
          ? describeSelection(target.selection)
          : target.members
              .map((part) =>
                part.kind === 'key' ? `#${part.position} ${part.wireType.kind}` : 'type',
              )
              .join(' ');
      return `${responseKey}: ${source.owner.domain}.${source.relation.name} { ${below} }`;
    }
    case 'relatedPage': {
      const { source, connection } = member;
      const below = connection.map(({ kind }) => kind).join(' ');
      return `${responseKey}: page of ${source.owner.domain}.${source.relation.name} { ${below} }`;
    }
    case 'relatedAggregate': {
      const { source, selection } = member;
      const below = selection.members.map(({ kind }) => kind).join(' ');
      return `${responseKey}: figures of ${source.owner.domain}.${source.relation.name} { ${below} }`;
    }
  }
}

describe('root fields', () => {
  it('are known by what they stand for, under their response keys', () => {
    const forms = formsOf(`query ($id: ID!) {
      __typename
      one: customer(id: $id) { id }
      named(id: "C1") { name }
      customers(first: 3) { totalCount }
      ordersAggregate { count }
      _service { sdl }
      __schema { queryType { name } }
    }`);
    expect(forms.map(({ kind, responseKey }) => `${responseKey}: ${kind}`)).toEqual([
      '__typename: typename',
      'one: lookup',
      'named: lookup',
      'customers: list',
      'ordersAggregate: aggregate',
      '_service: schema',
      '__schema: schema',
    ]);
  });

  it('of one response key are one, with the selections of both', () => {
    const [form, another] = formsOf(
      '{ customer(id: "C1") { id } ...F } fragment F on Query { customer(id: "C1") { name } }',
    );
    expect(another).toBeUndefined();
    expect(form?.kind === 'lookup' && describeSelection(form.selection)).toBe(
      'id: identity.id name: identity.name',
    );
  });

  it('that a condition leaves out are not there', () => {
    const query =
      'query ($all: Boolean!) { __schema @include(if: $all) { queryType { name } } __typename }';
    expect(formsOf(query, { all: false })).toHaveLength(1);
    expect(formsOf(query, { all: true })).toHaveLength(2);
  });

  it('for representations have a selection for each type', () => {
    const [form] = formsOf(`query ($r: [_Any!]!) {
      _entities(representations: $r) { __typename ... on Customer { worth } ... on Order { id } }
    }`);
    const selections = form?.kind === 'entities' ? [...form.selections] : [];
    expect(selections.map(([name, found]) => [name, describeSelection(found)])).toEqual([
      ['Customer', '__typename: __typename worth: sales.worth'],
      ['Order', '__typename: __typename id: sales.id'],
      ['Line', '__typename: __typename'],
    ]);
  });
});

describe('the selection of an entity', () => {
  it.each([
    ['fields with the domain that owns them', 'id worth', 'id: identity.id worth: sales.worth'],
    ['a field under several keys', 'a: name b: name', 'a: identity.name b: identity.name'],
    [
      'fragments on the type and its interfaces, spread',
      '... on Named { name } ... on Customer { tier }',
      'name: identity.name tier: sales.tier',
    ],
    [
      'relations with what is selected of their target, merged',
      'orders { id } orders { customer { id } }',
      'orders: sales.orders { id: sales.id customer: sales.customer { id: identity.id } }',
    ],
    [
      'pages and figures of relations',
      'ordersConnection(first: 1) { totalCount edges { cursor } } all: ordersAggregate { count keys { id } countDistinct { id } }',
      'ordersConnection: page of sales.orders { totalCount edges } all: figures of sales.orders { count keys figures }',
    ],
    [
      'references by the places and types of their key',
      'orders { lines { product { __typename region upc } } }',
      'orders: sales.orders { lines: sales.lines { product: sales.product { type #1 string #0 int } } }',
    ],
  ])('holds %s', (_, selection, expected) => {
    const [form] = formsOf(`{ customer(id: "C1") { ${selection} } }`);
    expect(form?.kind === 'lookup' && describeSelection(form.selection)).toBe(expected);
  });
});
