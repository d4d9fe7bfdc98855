import { BlockList } from 'node:net';
import { z } from 'zod';
import { logLevels } from '../log.ts';
import { access } from './access-schema.ts';
import { documents } from './document-settings.ts';
import { costInAnswers, errorDetail, limits } from './limit-settings.ts';
import { overrides } from './override-settings.ts';
import { count, durationMs } from './number-settings.ts';
import { addProxy } from './proxy-list.ts';
import { byName, sharedCallSettings } from './remote-schema.ts';
import { sync } from './sync-settings.ts';
import { telemetry } from './telemetry-settings.ts';
import { webSockets } from './web-socket-settings.ts';

/**
 * Every setting of the product, its default and what it means. The types, the environment variables, the messages
 * about invalid settings and `docs/config.schema.json` all come from here.
 */
export type Config = DeepReadonly<z.output<typeof configSchema>>;

/** A part of a configuration, as command-line flags give it. */
export type PartialConfig = DeepPartial<Config>;

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly Item[]
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

type DeepPartial<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: DeepPartial<Value[Key]> | undefined }
    : Value;

const path = z.string().min(1);

const origin = z
  .string()
  .regex(
    /^[a-z][a-z0-9+.-]*:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/,
    'an origin is scheme://host or scheme://host:port in lower case, without a path and without *',
  );

const host = z
  .string()
  .regex(
    /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/,
    'a host name is written in lower case, without scheme, port or path',
  );

const proxy = z
  .string()
  .refine(
    (entry) => addProxy(new BlockList(), entry),
    'a proxy is an IP address or a CIDR block such as 10.0.0.0/8',
  );

const tls = z
  .strictObject({
    certFile: path.describe("PEM file with the server's certificate and its chain."),
    keyFile: path.describe("PEM file with the certificate's private key."),
  })
  .describe('Serve https with this certificate. Leave it out behind a proxy that ends TLS.');

const server = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe(
        'Address to listen on. Beyond loopback every request needs an API key or a JSON Web Token.',
      ),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(4000)
      .describe('Port to listen on; 0 takes any free one.'),
    maxBodyBytes: z
      .int()
      .min(1)
      .max(536_870_912)
      .default(1_048_576)
      .describe('Largest request body, in bytes.'),
    requestTimeoutMs: durationMs
      .default(30_000)
      .describe('Longest time that a request may take until its answer starts, in milliseconds.'),
    maxConnectionsPerAddress: z
      .int()
      .min(0)
      .default(1_000)
      .describe(
        'Most connections from one address at once; 0 for any number. Trusted proxies are not counted.',
      ),
    shutdownTimeoutMs: durationMs
      .default(10_000)
      .describe(
        'Longest time that requests in flight may take to finish after the server was told to stop.',
      ),
    tls: tls.optional(),
    trustedProxies: z
      .array(proxy)
      .default([])
      .describe(
        'Addresses or CIDR blocks of proxies whose X-Forwarded-For and X-Forwarded-Host are believed.',
      ),
    allowedHosts: z
      .array(host)
      .default([])
      .describe(
        'Host names under which a server on loopback may be called, besides localhost, 127.0.0.1 and [::1].',
      ),
  })
  .prefault({})
  .describe('How the server listens.');

const cors = z
  .strictObject({
    origins: z
      .array(origin)
      .default([])
      .describe('Origins of web pages that may call the graph, such as https://app.example.com.'),
    apolloStudio: z
      .boolean()
      .default(true)
      .describe("Whether the pages of Apollo's explorer may call the graph as well."),
  })
  .prefault({})
  .describe('Which web pages may call the graph from a browser.');

const lake = z
  .strictObject({
    directory: path
      .default('lake-data')
      .describe(
        'Data directory: the lake file, the API keys in access/, and what former starts have made in compositions/ and transpiled/, which may be removed.',
      ),
    seedDirectory: path
      .default('lake-data/seed')
      .describe('Files that an empty lake is filled with, one folder a domain.'),
    memoryLimitMb: z
      .int()
      .min(64)
      .default(2048)
      .describe('Memory that DuckDB may use, in mebibytes.'),
    threads: z
      .int()
      .min(0)
      .max(1024)
      .default(0)
      .describe(
        'Threads that one statement over many rows may use; 0 takes one a core. Look-ups by key and plain pages take one.',
      ),
  })
  .prefault({})
  .describe('Where the lake is and what it may use.');

const graph = z
  .strictObject({
    hub: z
      .boolean()
      .default(true)
      .describe(
        'Whether the derived hub subgraph answers what the lake holds; false asks the domain subgraphs.',
      ),
    introspection: z.boolean().default(true).describe('Whether callers may read the schema.'),
    decimals: z
      .enum(['number', 'string'])
      .default('number')
      .describe(
        'How Decimal is written in JSON: as a number, or as a string that is always exact.',
      ),
    queryPlanCacheMb: z
      .int()
      .min(1)
      .default(30)
      .describe('Memory for query plans that were made before, in mebibytes.'),
    answerCacheMb: z
      .int()
      .min(0)
      .max(65_536)
      .default(64)
      .describe(
        'Memory for answers of up to 256 KiB that are given again while nothing in them changed, in mebibytes; 0 keeps none.',
      ),
    entityCacheMb: z
      .int()
      .min(0)
      .max(65_536)
      .default(64)
      .describe(
        'Memory for rows that are found again by their keys while they did not change, in mebibytes; 0 keeps none.',
      ),
    overrides,
    limits,
    documents,
    errorDetail,
    costInAnswers,
    explain: z
      .enum(['never', 'local', 'keys', 'everyone'])
      .default('local')
      .describe(
        'Who may see the plan and the SQL of a question: callers on this machine who need no key, those and the ' +
          'holders of API keys, or every caller. SQL is shown without its values; the plan repeats the question.',
      ),
  })
  .prefault({})
  .describe('How the graph is answered.');

const subgraphs = z
  .strictObject({
    ...sharedCallSettings,
    byName,
    subscriptionUrls: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Where remote subgraphs are subscribed, as NAME=URL: by server-sent events with http, by graphql-ws with ws. ' +
          'The others are subscribed by server-sent events at their routing URL.',
      ),
    routerSecret: z
      .string()
      .min(16)
      .regex(/^[\x21-\x7e]+$/, 'a secret is made of printable ASCII characters without spaces')
      .optional()
      .describe(
        'Secret that another federation router sends in x-tributary-router-secret to call /subgraphs/*. ' +
          'Without it a server beyond loopback does not serve them.',
      ),
  })
  .prefault({})
  .describe('How subgraphs are called, and who may call ours.');

const events = z
  .strictObject({
    maxStreams: count
      .default(1_000)
      .describe('Most streams of events (GraphQL subscriptions) that may be open at once.'),
    heartbeatMs: durationMs
      .default(12_000)
      .describe(
        'How often a stream without events shows that it is alive, in milliseconds. Proxies drop silent ones.',
      ),
  })
  .extend({
    allowPrivateHosts: z
      .boolean()
      .default(true)
      .describe(
        'Whether webhooks may lead to addresses inside your own network, this machine among them.',
      ),
    maxClockSkewMs: durationMs
      .default(300_000)
      .describe(
        'How far the clock of a tool that sends events may be ahead of ours, in milliseconds.',
      ),
  })
  .prefault({})
  .describe('How events of identities are handed on.');

const log = z
  .strictObject({
    level: z.enum(logLevels).default('info').describe('The least severe entries that are written.'),
  })
  .prefault({})
  .describe('The log.');

export const configSchema = z.strictObject({
  server,
  cors,
  lake,
  graph,
  subgraphs,
  events,
  webSockets,
  sync,
  access,
  log,
  telemetry,
});

/** The JSON Schema of `tributary.yaml`, as `docs/config.schema.json` publishes it to editors. */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input' });
  return {
    ...($schema === undefined ? {} : { $schema }),
    title: 'tributary.yaml',
    description: 'Settings of a Tributary server. Every one has a default; the file is optional.',
    ...rest,
  };
}
