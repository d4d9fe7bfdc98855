import { didYouMean } from '../errors/did-you-mean.ts';
import { raise } from '../errors/tributary-error.ts';
import { listSettings, type Setting } from './setting.ts';
import { mergeSettings, type RawSettings, type SettingsLayer } from './settings-layer.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

const prefix = 'TRIBUTARY_';

/** The environment of this process. Nothing else in the program reads it. */
export function processEnvironment(): Environment {
  return { ...process.env };
}

/** Threads that Node's own pool has, which files, look-ups of host names and queries to the lake share; 4 unless set. */
export function threadPoolSize(): number {
  const size = Number(process.env['UV_THREADPOOL_SIZE']);
  return Number.isInteger(size) && size > 0 ? size : 4;
}

/** The variable of a setting: `server.maxBodyBytes` is `TRIBUTARY_SERVER_MAX_BODY_BYTES`. */
export function variableName(path: readonly string[]): string {
  const words = path.map((name) => name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_'));
  return prefix + words.join('_').toUpperCase();
}

/**
 * The settings that the environment makes. An empty variable sets nothing; lists are separated by commas.
 * @throws CONFIG_UNKNOWN_VARIABLE for a `TRIBUTARY_*` that no setting has.
 */
export function readEnvironmentLayer(environment: Environment): SettingsLayer {
  const settingsByVariable = new Map(
    listSettings().map((setting) => [variableName(setting.path), setting]),
  );
  let settings: RawSettings = {};
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || isServiceLink(variable, text)) continue;
    const setting = settingsByVariable.get(variable);
    if (setting === undefined) {
      const ending = variable.slice(prefix.length - 1);
      const same = [...settingsByVariable.keys()].filter((known) => known.endsWith(ending));
      const suggestion = didYouMean(variable, same.length > 0 ? same : settingsByVariable.keys());
      throw raise('CONFIG_UNKNOWN_VARIABLE', { variable, suggestion });
    }
    if (text === undefined || text === '') continue;
    settings = mergeSettings(settings, nest(setting.path, parseValue(setting, text)));
  }
  return {
    settings,
    describeSource: (path) => `in the environment variable ${variableName(path)}`,
    locate: () => undefined,
  };
}

/** Text that does not fit the kind stays text: the schema then refuses it with its own words. */
function parseValue({ kind }: Setting, text: string): unknown {
  switch (kind) {
    case 'string':
      return text;
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return text.split(',').map((item) => item.trim());
  }
}

function nest(path: readonly string[], value: unknown): RawSettings {
  const [name, ...rest] = path;
  if (name === undefined) return {};
  return { [name]: rest.length === 0 ? value : nest(rest, value) };
}

/** Kubernetes gives every pod such variables for a service that is called `tributary`: they are not settings. */
function isServiceLink(variable: string, text: string | undefined): boolean {
  return (
    /^TRIBUTARY_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)$/.test(
      variable,
    ) ||
    (variable === 'TRIBUTARY_PORT' && /^(tcp|udp|sctp):\/\//.test(text ?? ''))
  );
}
