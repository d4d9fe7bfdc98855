import { configJsonSchema } from './schema.ts';

/** One setting of the schema: a leaf, such as `server.port`. */
export interface Setting {
  readonly path: readonly string[];
  readonly kind: 'string' | 'integer' | 'boolean' | 'list';
  readonly description: string;
}

type JsonSchema = ReturnType<typeof configJsonSchema>;

/** Every setting, in the order of the schema. */
export function listSettings(): readonly Setting[] {
  return settingsBelow(configJsonSchema(), []);
}

/** The names that may stand below `path`; empty for a path that is no section. */
export function namesBelow(path: readonly string[]): readonly string[] {
  return Object.keys(schemaAt(path)?.properties ?? {});
}

/** What the setting or section at `path` means, or undefined when there is none. */
export function describePath(path: readonly string[]): string | undefined {
  return schemaAt(path)?.description;
}

function schemaAt(path: readonly string[]): JsonSchema | undefined {
  let schema: JsonSchema | undefined = configJsonSchema();
  for (const name of path) schema = propertyOf(schema, name);
  return schema;
}

function settingsBelow(schema: JsonSchema, path: readonly string[]): Setting[] {
  if (schema.properties === undefined) {
    return [{ path, kind: kindOf(schema), description: schema.description ?? '' }];
  }
  return Object.keys(schema.properties).flatMap((name) => {
    const property = propertyOf(schema, name);
    return property === undefined ? [] : settingsBelow(property, [...path, name]);
  });
}

function propertyOf(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  const { properties, additionalProperties } = schema ?? {};
  // Names of subgraphs are free; what stands below them is not.
  const property =
    properties && Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
  return typeof property === 'object' ? property : undefined;
}

function kindOf({ type }: JsonSchema): Setting['kind'] {
  if (type === 'integer' || type === 'boolean') return type;
  return type === 'array' ? 'list' : 'string';
}
