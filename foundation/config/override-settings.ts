import { z } from 'zod';

export const overrides = z
  .strictObject({
    labels: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Labels of @override(from:, label:) that hold for every request. Labels of the form percent(N) are drawn for each request.',
      ),
    header: z
      .string()
      .regex(/^[a-z0-9-]+$/, 'a header is written in lower case')
      .optional()
      .describe(
        'Header in which a request may name labels that hold for it, separated by commas. Without it no request decides.',
      ),
  })
  .prefault({})
  .describe('Fields that move from one subgraph to another step by step.');
