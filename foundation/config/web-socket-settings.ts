import { z } from 'zod';
import { count, durationMs } from './number-settings.ts';

export const webSockets = z
  .strictObject({
    maxConnections: count.default(1_000).describe('Most WebSockets that may be open at once.'),
    maxOperations: count
      .default(100)
      .describe('Most operations that may be under way over one WebSocket.'),
    maxMessageBytes: z
      .int()
      .min(1_024)
      .max(536_870_912)
      .default(1_048_576)
      .describe('Largest message that a client may send over a WebSocket, in bytes.'),
    idleTimeoutMs: durationMs
      .default(600_000)
      .describe('Longest time that a WebSocket without an operation stays open, in milliseconds.'),
  })
  .prefault({})
  .describe('WebSockets, over which graphql-ws clients ask and subscribe.');
