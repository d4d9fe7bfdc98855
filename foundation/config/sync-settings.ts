import { z } from 'zod';
import { count, durationMs } from './number-settings.ts';

export const sync = z
  .strictObject({
    maxPushBytes: count
      .default(1_073_741_824)
      .describe('Largest body of rows that a tool may push in one request, unpacked, in bytes.'),
    maxPushRatio: count
      .default(200)
      .describe(
        'How many times its size a body of pushed rows may unpack to, beyond its first MiB.',
      ),
    pushIdleTimeoutMs: durationMs
      .default(30_000)
      .describe('Longest wait for the next bytes of pushed rows, in milliseconds.'),
  })
  .extend({
    parallelism: count.default(2).describe('Syncs that run at once; the others wait in line.'),
    alert: z
      .strictObject({
        url: z.url({ protocol: /^https?$/ }).describe('Where the event is sent, by POST.'),
        secret: z.string().startsWith('whsec_').describe('Signs it, after Standard Webhooks.'),
      })
      .optional()
      .describe(
        'Who is told when a domain is older than its objective, and when it is not any more.',
      ),
  })
  .prefault({})
  .describe("How domains' rows come into the lake.");
