import type { Environment } from '../../foundation/config/environment.ts';
import { raise, type SourceLocation } from '../../foundation/errors/tributary-error.ts';
import type { YamlPath } from './yaml-document.ts';

/**
 * Replaces `${env.NAME}` and `${env.NAME:-default}` in every text below a value, as `supergraph.yaml` has it too. An
 * empty variable counts as set for the first form and as unset for the second, as in a shell.
 *
 * @throws SYNC_VARIABLE_UNSET, SYNC_SETTING_INVALID for a reference to anything but the environment
 */
export function expandEnvironment(
  value: unknown,
  environment: Environment,
  locate: (path: YamlPath) => SourceLocation,
  path: YamlPath = [],
): unknown {
  if (typeof value === 'string') return expandText(value, environment, () => locate(path), path);
  if (Array.isArray(value))
    return value.map((item, position) =>
      expandEnvironment(item, environment, locate, [...path, position]),
    );
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      expandEnvironment(item, environment, locate, [...path, key]),
    ]),
  );
}

function expandText(
  text: string,
  environment: Environment,
  locate: () => SourceLocation,
  path: YamlPath,
): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (reference: string, inner: string) => {
    const { variable, fallback } =
      /^env\.(?<variable>\w+)(?::-(?<fallback>.*))?$/.exec(inner)?.groups ?? {};
    if (variable === undefined) {
      const problem = `${reference} refers to something other than an environment variable`;
      throw raise('SYNC_SETTING_INVALID', { setting: path.join('.'), problem }, { at: locate() });
    }
    const found = environment[variable];
    if (fallback !== undefined) return found === undefined || found === '' ? fallback : found;
    if (found === undefined) throw raise('SYNC_VARIABLE_UNSET', { variable }, { at: locate() });
    return found;
  });
}
