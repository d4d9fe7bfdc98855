import type { Environment } from '../foundation/config/environment.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { YamlText } from './yaml-map.ts';

/**
 * Replaces `${env.NAME}` and `${env.NAME:-default}` by what the environment holds, as Apollo's composition tool does.
 * An empty variable counts as set for the first form and as unset for the second, as in a shell.
 *
 * @throws SUPERGRAPH_VARIABLE_UNSET, SUPERGRAPH_CONFIG_INVALID for a reference to anything but the environment
 */
export function expandVariables(value: YamlText, environment: Environment): string {
  const { text, location } = value;
  return text.replaceAll(/\$\{([^}]*)\}/g, (reference: string, inner: string) => {
    const { variable, fallback } =
      /^env\.(?<variable>\w+)(?::-(?<fallback>.*))?$/.exec(inner)?.groups ?? {};
    if (variable === undefined) {
      const problem = 'it refers to something other than an environment variable';
      const advice = 'Write ${env.NAME} or ${env.NAME:-default}.';
      throw raise(
        'SUPERGRAPH_CONFIG_INVALID',
        { name: reference, problem, advice },
        { at: location },
      );
    }
    const found = environment[variable];
    if (fallback !== undefined) return found === undefined || found === '' ? fallback : found;
    if (found === undefined)
      throw raise('SUPERGRAPH_VARIABLE_UNSET', { variable }, { at: location });
    return found;
  });
}
