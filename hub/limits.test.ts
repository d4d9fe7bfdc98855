import { expect, it } from 'vitest';
import { configSchema } from '../foundation/config/schema.ts';
import { defaultLimits } from './limits.ts';

it('limits are settings of the same names and values', () => {
  expect(configSchema.parse({}).graph.limits).toEqual(defaultLimits);
});
