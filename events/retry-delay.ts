import type { EventSettings } from './event-settings.ts';

/**
 * How long to wait after so many failed attempts: longer each time, and not the same for everybody, so that a
 * subscriber that comes back is not met by all of its events at once.
 *
 * @param random from 0 up to 1
 */
export function retryDelayMs(
  failedAttempts: number,
  random: number,
  { retryBaseMs, retryFactor, retryMaxMs }: EventSettings,
): number {
  const longest = Math.min(retryMaxMs, retryBaseMs * retryFactor ** (failedAttempts - 1));
  return Math.round((longest / 2) * (1 + random));
}

/**
 * Milliseconds that a `Retry-After` asks for: seconds, or a date; undefined where it says neither.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // A date has a comma and letters in it; engines read nearly everything else as some date too.
  if (!/^[A-Z][a-z]+, .* GMT$/.test(text)) return undefined;
  const timeMs = Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : Math.max(0, timeMs - now.getTime());
}
