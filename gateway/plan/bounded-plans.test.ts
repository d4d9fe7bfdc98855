import { Kind } from 'graphql';
import { SubgraphFields } from '../../registry/subgraph-fields.ts';
import type { QueryPlanner } from '@apollo/query-planner';
import type {
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { expect, it } from 'vitest';
import { withBoundedPlans } from './bounded-plans.ts';

it('a plan that is not found in three seconds is not looked for a second time, unless it had less', async () => {
  let attempts = 0;
  const planner = {
    buildQueryPlan() {
      attempts++;
      for (;;);
    },
  } as unknown as QueryPlanner;
  const gateway = {
    load: () =>
      Promise.resolve({
        executor: () => Promise.resolve().then(() => planner.buildQueryPlan(undefined as never)),
      }),
  } as unknown as GatewayInterface;
  const noFields = new SubgraphFields({ kind: Kind.DOCUMENT, definitions: [] });
  const { executor } = await withBoundedPlans(gateway, () => planner, noFields).load({
    engine: {},
  } as never);
  const ask = (queryHash: string) =>
    executor?.({ queryHash } as GatewayGraphQLRequestContext)?.catch((error: unknown) => error);
  const refusal = { extensions: { code: 'QUESTION_TOO_COMPLEX' } };
  expect(await ask('a')).toMatchObject(refusal);
  expect(await ask('a')).toMatchObject(refusal);
  expect(attempts).toBe(1);
  expect(await ask('b')).toMatchObject(refusal);
  expect(attempts).toBe(2);
  // The others have used up the time that long plans share.
  expect(await ask('c')).toMatchObject(refusal);
  expect(await ask('c')).toMatchObject(refusal);
  expect(attempts).toBe(4);
}, 30_000);
