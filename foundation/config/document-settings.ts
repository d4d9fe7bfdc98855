import { z } from 'zod';
import { count } from './number-settings.ts';

export const documents = z
  .strictObject({
    automatic: z
      .boolean()
      .default(true)
      .describe(
        'Whether clients may ask by the hash of a query that was sent with it before (automatic persisted queries).',
      ),
    automaticCacheMb: count
      .default(16)
      .describe('Memory for queries that are known by their hash, in mebibytes.'),
    trustedFiles: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Manifests of documents that clients may ask by id: Apollo's, or a JSON object of ids and documents.",
      ),
    onlyTrusted: z
      .boolean()
      .default(false)
      .describe('Whether /graphql answers the documents of these manifests and no others.'),
  })
  .prefault({})
  .describe('Documents that clients need not send.');
