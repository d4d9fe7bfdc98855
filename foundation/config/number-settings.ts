import { z } from 'zod';

export const durationMs = z.int().min(1).max(2_147_483_647);
export const count = z.int().min(1);
