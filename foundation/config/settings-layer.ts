import type { SourceLocation } from '../errors/tributary-error.ts';

/** Settings as a source gives them, not yet checked: nested by section. */
export type RawSettings = Readonly<Record<string, unknown>>;

/** One source of settings. Where several set the same thing, the later layer wins. */
export interface SettingsLayer {
  readonly settings: RawSettings;
  /** Words for a message: where this layer sets `path`. */
  describeSource(path: readonly string[]): string;
  /** Where a person can open the place, if it is a file. */
  locate(path: readonly string[]): SourceLocation | undefined;
}

/** True for an object that sections are made of; lists and scalars are values. */
export function isSection(value: unknown): value is RawSettings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Lays the settings of `upper` over those of `lower`, section by section. Undefined sets nothing. A value that stands
 * where `upper` has a section stays, so that it is refused instead of being lost.
 */
export function mergeSettings(lower: RawSettings, upper: RawSettings): RawSettings {
  // Entries, not assignment: a key named __proto__ has to stay an own key, so that it is refused like any other.
  const merged = new Map(Object.entries(lower));
  for (const [name, value] of Object.entries(upper)) {
    if (value === undefined) continue;
    const below = merged.get(name);
    if (!isSection(value)) merged.set(name, value);
    else if (below === undefined || isSection(below))
      merged.set(name, mergeSettings(below ?? {}, value));
  }
  return Object.fromEntries(merged);
}

/** True when the layer sets the path or something below it. */
export function hasPath(layer: SettingsLayer, path: readonly string[]): boolean {
  return valueAt(layer, path) !== undefined;
}

/** True when the layer sets the path itself, and not what is below it. */
export function hasValue(layer: SettingsLayer, path: readonly string[]): boolean {
  return hasPath(layer, path) && !isSection(valueAt(layer, path));
}

function valueAt({ settings }: SettingsLayer, path: readonly string[]): unknown {
  let value: unknown = settings;
  for (const name of path) {
    if (!isSection(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}
