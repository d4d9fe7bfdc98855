import type {
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { expect, it } from 'vitest';
import { OutOfTime } from '../../foundation/within-time.ts';
import { withBoundedPlans } from './bounded-plans.ts';
import { OutOfMemory } from './process/planner-process.ts';

it.each([
  [new OutOfTime(5_000), 'QUESTION_TOO_COMPLEX', 1],
  [new OutOfMemory(512), 'QUESTION_TOO_COMPLEX', 1],
  [new Error('Too many options generated for x, reached the limit'), 'QUESTION_TOO_COMPLEX', 1],
  [new Error('We should have an edge from one to another'), 'QUESTION_UNPLANNABLE', 2],
])(
  'a plan that would be too much is not looked for a second time: %s',
  async (error, code, most) => {
    let attempts = 0;
    const fail = () => {
      attempts++;
      return Promise.reject(error);
    };
    const gateway = {
      load: async () => ({ executor: fail }),
    } as unknown as GatewayInterface;
    const { executor } = await withBoundedPlans(gateway).load({ engine: {} } as never);
    const ask = (queryHash: string) => executor?.({ queryHash } as GatewayGraphQLRequestContext);
    for (let time = 0; time < 2; time++) {
      await expect(ask('a')).rejects.toMatchObject({ extensions: { code } });
    }
    expect(attempts).toBe(most);
    await expect(ask('b')).rejects.toMatchObject({ extensions: { code } });
    expect(attempts).toBe(most + 1);
  },
);
