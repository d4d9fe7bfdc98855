import { z } from 'zod';

/** What a timer of Node can hold, in milliseconds. */
export const durationMs = z.int().min(1).max(2_147_483_647);

export const count = z.int().min(1);
