import { describe, expect, it } from 'vitest';
import { AnswerSoFar } from './answer-so-far.ts';

const person = (id: string) => ({ __typename: 'Person', id });
const company = (id: string) => ({ __typename: 'Company', id });

describe('the answer so far', () => {
  const answer = new AnswerSoFar();
  answer.add({
    parties: [person('1'), company('1'), null, person('2'), person('2')],
    groups: [{ members: [[person('1')], [company('1'), person('3')]] }, { members: null }],
    owner: person('9'),
  });
  answer.add({ chair: { deputy: person('4') } });

  it('finds the one entity at a path', () => {
    expect(answer.entityPaths(['owner'], [person('9')])).toEqual([['owner']]);
    expect(answer.entityPaths(['chair', 'deputy'], [person('4')])).toEqual([['chair', 'deputy']]);
  });

  it('passes over nulls and objects that are not represented', () => {
    const representations = [person('1'), person('2'), person('2')];
    expect(answer.entityPaths(['parties', '@'], representations)).toEqual([
      ['parties', 0],
      ['parties', 3],
      ['parties', 4],
    ]);
    expect(answer.entityPaths(['parties', '@'], [company('1')])).toEqual([['parties', 1]]);
  });

  it('goes into lists of lists', () => {
    const path = ['groups', '@', 'members', '@', '@'];
    expect(answer.entityPaths(path, [person('1'), person('3')])).toEqual([
      ['groups', 0, 'members', 0, 0],
      ['groups', 0, 'members', 1, 1],
    ]);
  });

  it('gives no path where none can be told', () => {
    expect(answer.entityPaths(['parties', '@'], [person('1'), person('7')])).toEqual([
      ['parties', 0],
      undefined,
    ]);
    expect(answer.entityPaths(['nowhere'], [person('1')])).toEqual([undefined]);
  });

  it('finds an entity by a part of the objects below it', () => {
    const sized = (h: number) => {
      return { ...person('5'), size: { w: 1, h }, boxes: [[{ n: h, m: 0 }], null] };
    };
    const more = new AnswerSoFar();
    more.add({ parties: [company('5'), sized(1), sized(2)] });
    const named = { ...person('5'), size: { h: 2 }, boxes: [[{ n: 2 }], null] };
    expect(more.entityPaths(['parties', '@'], [named])).toEqual([['parties', 2]]);
    const unknown = { ...person('5'), boxes: [[{ n: 2 }, { n: 2 }], null] };
    expect(more.entityPaths(['parties', '@'], [unknown])).toEqual([undefined]);
  });
});
