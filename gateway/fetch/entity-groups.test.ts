import { describe, expect, it } from 'vitest';
import { JsonTexts } from '../../wire/json-text.ts';
import { ExactNumbers } from '../../wire/exact-numbers.ts';
import { RequestCost } from '../request/request-cost.ts';
import { AnswerSoFar } from './answer-so-far.ts';
import { groupEntities, withEntityGroups } from './entity-groups.ts';
import type { SubgraphAnswer, SubgraphFetch } from './guarded-source.ts';

const query =
  'query Q($representations:[_Any!]!$currency:String$of:Int){_entities(representations:$representations){...F}}fragment F on Line{price(of:$of currency:$currency)}';
const representations = ['1', '2', '3', '4'].map((id) => ({ __typename: 'Line', id }));

describe('entities that are asked for in groups', () => {
  it('have one value where all have the same', () => {
    expect(groupEntities(new Map([['currency', ['EUR', 'EUR']]]))).toEqual({ currency: 'EUR' });
    expect(groupEntities(new Map([['tags', [['a'], ['a']]]]))).toEqual({ tags: ['a'] });
    expect(groupEntities(new Map([['tags', [undefined, null]]]))).toEqual({ tags: null });
  });

  it('come back in their order, with the errors of each', async () => {
    const { asked, answer } = await ask(({ variables }) => ({
      data: {
        _entities: named(variables['representations']),
        _entitiesOfGroup1: named(variables['representationsOfGroup1']),
      },
      errors: [
        { message: 'in the second', path: ['_entitiesOfGroup1', 0, 'price'] },
        { message: 'in the first', path: ['_entities', 1, 'price'] },
        { message: 'of a group', path: ['_entitiesOfGroup1'] },
        { message: 'nowhere' },
      ],
    }));
    expect(asked.query).toBe(
      'query Q($representations:[_Any!]! $currency:String $representationsOfGroup1:[_Any!]! $currencyOfGroup1:String $of:Int){_entities:_entities(representations:$representations){...on Line{price(of:$of currency:$currency)}} _entitiesOfGroup1:_entities(representations:$representationsOfGroup1){...on Line{price(of:$of currency:$currencyOfGroup1)}}}',
    );
    expect(asked.variables).toEqual({
      representations: [representations[0], representations[2], representations[3]],
      representationsOfGroup1: [representations[1]],
      currency: 'EUR',
      currencyOfGroup1: null,
      of: 3,
    });
    expect(answer.data).toEqual({ _entities: named(representations) });
    expect(answer.errors?.map(({ path }) => path)).toEqual([
      ['_entities', 1, 'price'],
      ['_entities', 2, 'price'],
      ['_entities'],
      undefined,
    ]);
  });

  it('are refused where a group lacks one, and none where there is no data', async () => {
    const lacking = ask(() => ({ data: { _entities: [1, 2, 3], _entitiesOfGroup1: [] } }));
    await expect(lacking).rejects.toMatchObject({ code: 'SUBGRAPH_ANSWER_INVALID' });
    const { answer } = await ask(() => ({ data: null, errors: [{ message: 'none' }] }));
    expect(answer).toEqual({ data: null, errors: [{ message: 'none' }] });
  });
});

function named(list: unknown): readonly object[] {
  return (list as readonly { readonly id: string }[]).map(({ id }) => ({ price: `of ${id}` }));
}

async function ask(answerTo: (fetch: SubgraphFetch) => SubgraphAnswer) {
  const found = groupEntities(new Map([['currency', ['EUR', null, 'EUR', 'EUR']]]));
  let asked: SubgraphFetch | undefined;
  const fetch = withEntityGroups((request) => {
    asked = request;
    return Promise.resolve(answerTo(request));
  }, 'sales');
  const { signal } = new AbortController();
  const context = {
    requestId: '1',
    caller: { kind: 'anonymous' as const },
    headers: {},
    wire: { decimals: 'number' as const },
    signal,
    clientAddress: undefined,
    cost: new RequestCost(false, undefined),
    answerSoFar: new AnswerSoFar(),
    jsonTexts: new JsonTexts(),
    exactNumbers: new ExactNumbers(),
  };
  const variables = { representations, ...found, of: 3 };
  const answer = await fetch({ query, operationName: 'Q', variables, context, signal });
  if (asked === undefined) throw new Error('Nobody was asked.');
  return { asked, answer };
}
