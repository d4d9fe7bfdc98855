import { readFileSync } from 'node:fs';
import type { Environment } from '../../foundation/config/environment.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { headerRules, type HeaderRule } from './header-rules.ts';

type Shared = Config['subgraphs'];

/** How one remote subgraph is called: its own settings over those for all, with files and variables read. */
export interface RemoteSettings extends Pick<
  Shared,
  | 'timeoutMs'
  | 'connectTimeoutMs'
  | 'headersTimeoutMs'
  | 'bodyTimeoutMs'
  | 'keepAliveMs'
  | 'maxConcurrent'
  | 'maxQueued'
  | 'maxAnswerBytes'
  | 'deduplicate'
  | 'retries'
  | 'breaker'
> {
  readonly headers: readonly HeaderRule[];
  readonly tls: TlsSettings;
}

/** As Node's tls takes them. Certificates are always checked: there is no setting that lets every one pass. */
interface TlsSettings {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly servername?: string;
}

/** @throws SUBGRAPH_TLS_FILE_UNUSABLE, SUBGRAPH_HEADER_UNSET */
export function remoteSettings(
  subgraph: string,
  { subgraphs: shared }: Config,
  environment: Environment,
): RemoteSettings {
  const own = shared.byName[subgraph] ?? {};
  return {
    ...shared,
    ...given(own),
    retries: { ...shared.retries, ...given(own.retries ?? {}) },
    breaker: { ...shared.breaker, ...given(own.breaker ?? {}) },
    headers: headerRules(subgraph, [...shared.headers, ...(own.headers ?? [])], environment),
    tls: readTls(subgraph, { ...shared.tls, ...own.tls }),
  };
}

type Given<Settings> = { readonly [Name in keyof Settings]?: Exclude<Settings[Name], undefined> };

/** The settings that there are; undefined would hide those for all. */
function given<Settings extends object>(settings: Settings): Given<Settings> {
  const entries = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<Settings>;
}

/** The time of a call to a subgraph, of which no more is known than its name. */
export function callTimeoutMs(subgraph: string, { subgraphs }: Config): number {
  return subgraphs.byName[subgraph]?.timeoutMs ?? subgraphs.timeoutMs;
}

function readTls(
  subgraph: string,
  { caFile, certFile, keyFile, serverName }: NonNullable<Shared['tls']>,
): TlsSettings {
  const read = (file: string): Buffer => {
    try {
      return readFileSync(file);
    } catch (error) {
      const problem = String(error);
      throw raise('SUBGRAPH_TLS_FILE_UNUSABLE', { subgraph, file, problem }, { cause: error });
    }
  };
  return {
    ...(caFile !== undefined && { ca: read(caFile) }),
    ...(certFile !== undefined && { cert: read(certFile) }),
    ...(keyFile !== undefined && { key: read(keyFile) }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}
