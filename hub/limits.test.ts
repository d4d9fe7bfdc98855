import { expect, it } from 'vitest';
import { configSchema } from '../foundation/config/schema.ts';
import { defaultLimits } from './limits.ts';

it('limits are settings of the same names and values, among others', () => {
  expect(configSchema.parse({}).graph.limits).toMatchObject(defaultLimits);
});
