import { readFileSync } from 'node:fs';

/** The version in package.json, which lies one folder up from the sources and two from what is bundled. */
export function version(): string {
  const place = import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json';
  const text = readFileSync(new URL(place, import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  const isPackage = typeof parsed === 'object' && parsed !== null && 'version' in parsed;
  return isPackage ? String(parsed.version) : 'unknown';
}
