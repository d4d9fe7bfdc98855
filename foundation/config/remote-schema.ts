import { z } from 'zod';

/** Settings of calls to remote subgraphs: those for all of them, and what one of them has otherwise. */

const durationMs = z.int().min(1).max(2_147_483_647);
const count = z.int().min(1);
const percent = z.int().min(1).max(100);
const path = z.string().min(1);

/** What carries the message itself, or belongs to one connection: never passed on, never set. */
const ofTheMessage: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function isOfTheMessage(header: string): boolean {
  return ofTheMessage.has(header);
}

const headerName = z
  .string()
  .regex(/^[!#$%&'+.^_`|~0-9a-z-]+$/, 'a header is named in lower case')
  .refine((name) => !isOfTheMessage(name), {
    message: 'a header of the connection or of the message itself is never passed on or set',
  });

const headerPattern = z
  .string()
  .regex(
    /^[!#$%&'+.^_`|~0-9a-z-]*\*?$/,
    'headers are named in lower case, by a name or by its beginning and a *',
  )
  .refine((name) => name !== '' && !isOfTheMessage(name), {
    message: 'a header of the connection or of the message itself is never passed on or set',
  });

const headerValue = z
  .string()
  .regex(/^[\t\x20-\x7e]*$/, 'a value of a header is made of printable ASCII characters');

/** What a rule may do; exactly one of its three verbs stands in it. */
const headerRule = z
  .strictObject({
    propagate: headerPattern
      .optional()
      .describe(
        "A header of the caller's request to pass on, or the beginning of several and a *.",
      ),
    as: headerName.optional().describe('The name that it gets.'),
    set: headerName.optional().describe('A header to send always.'),
    value: headerValue.optional().describe('Its value.'),
    variable: z
      .string()
      .min(1)
      .optional()
      .describe('The environment variable that holds its value.'),
    remove: headerPattern.optional().describe('A header not to send, whatever rules before say.'),
  })
  .superRefine((rule, context) => {
    const problem = problemOf(rule);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

interface RawHeaderRule {
  readonly propagate?: string | undefined;
  readonly as?: string | undefined;
  readonly set?: string | undefined;
  readonly value?: string | undefined;
  readonly variable?: string | undefined;
  readonly remove?: string | undefined;
}

function problemOf({
  propagate,
  as,
  set,
  value,
  variable,
  remove,
}: RawHeaderRule): string | undefined {
  const verbs = [propagate, set, remove].filter((verb) => verb !== undefined);
  if (verbs.length !== 1) return 'a rule has one of propagate, set and remove';
  if (as !== undefined && propagate === undefined)
    return 'only what is propagated gets a name by `as`';
  if (as !== undefined && propagate?.endsWith('*')) return 'several headers cannot get one name';
  const values = [value, variable].filter((given) => given !== undefined);
  if (set !== undefined && values.length !== 1) return 'set has either value or variable';
  if (set === undefined && values.length > 0) return 'only set has a value';
  return undefined;
}

const headers = z
  .array(headerRule)
  .describe(
    "Rules, in order, for the headers that it gets: propagate (as), set (value or variable), remove. None of the caller's by default.",
  );

/** PEM files; names of hosts and certificates are always checked. */
const tls = z
  .strictObject({
    caFile: path
      .optional()
      .describe('PEM file with the certificates to trust, instead of those that Node trusts.'),
    certFile: path
      .optional()
      .describe('PEM file with the certificate by which the gateway shows who it is.'),
    keyFile: path.optional().describe("PEM file with that certificate's private key."),
    serverName: z
      .string()
      .min(1)
      .optional()
      .describe('Name that its certificate has to bear, where it is not the host of its URL.'),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    message: 'a certificate and its key are given together',
  })
  .describe('How it and the gateway know each other over https.');

const fields = {
  timeoutMs: durationMs.describe(
    'Longest time that one call to a subgraph may take, in milliseconds.',
  ),
  connectTimeoutMs: durationMs.describe('Longest time to connect to a remote subgraph.'),
  headersTimeoutMs: durationMs.describe(
    'Longest wait for the beginning of an answer of a remote subgraph, each time that it is asked.',
  ),
  bodyTimeoutMs: durationMs.describe('Longest pause within an answer of a remote subgraph.'),
  keepAliveMs: durationMs.describe(
    'How long a connection to a remote subgraph is kept without use; a shorter time that it asks for wins.',
  ),
  maxConcurrent: count.describe(
    'Most requests to one remote subgraph at once, each on a connection of its own.',
  ),
  maxQueued: z
    .int()
    .min(0)
    .describe('Most requests that wait for their turn at it; more are refused.'),
  maxAnswerBytes: count.describe('Largest answer of a remote subgraph, unpacked, in bytes.'),
  deduplicate: z
    .boolean()
    .describe('Whether equal queries of one caller that are under way together share one request.'),
};

const retryFields = {
  most: z
    .int()
    .min(0)
    .max(10)
    .describe(
      'How often a query is asked again after a failed connection, a time-out before the answer, or 502, 503, 504.',
    ),
  firstDelayMs: durationMs.describe(
    'Longest pause before the first time; it doubles with each, and its length is left to chance.',
  ),
  longestDelayMs: durationMs.describe('Longest pause, unless Retry-After asks for more.'),
  budgetPercent: z
    .int()
    .min(0)
    .max(100)
    .describe(
      'Most requests that are repetitions, for each hundred others; a few are always allowed.',
    ),
};

const breakerFields = {
  enabled: z
    .boolean()
    .describe('Whether a remote subgraph that fails most of the time is left alone for a while.'),
  failurePercent: percent.describe('Share of its requests that have to fail for that.'),
  leastRequests: count.describe('Requests that it takes to judge.'),
  windowMs: durationMs.describe('Time over which they are counted.'),
  pauseMs: durationMs.describe('How long it is left alone, until one request finds out how it is.'),
};

/** For all remote subgraphs. */
export const sharedCallSettings = {
  timeoutMs: fields.timeoutMs.default(10_000),
  connectTimeoutMs: fields.connectTimeoutMs.default(3_000),
  headersTimeoutMs: fields.headersTimeoutMs.default(10_000),
  bodyTimeoutMs: fields.bodyTimeoutMs.default(10_000),
  keepAliveMs: fields.keepAliveMs.default(4_000),
  maxConcurrent: fields.maxConcurrent.default(128),
  maxQueued: fields.maxQueued.default(1_024),
  maxAnswerBytes: fields.maxAnswerBytes.default(67_108_864),
  deduplicate: fields.deduplicate.default(true),
  retries: z
    .strictObject({
      most: retryFields.most.default(2),
      firstDelayMs: retryFields.firstDelayMs.default(100),
      longestDelayMs: retryFields.longestDelayMs.default(2_000),
      budgetPercent: retryFields.budgetPercent.default(20),
    })
    .prefault({})
    .describe('When a query is asked again. Mutations never are.'),
  breaker: z
    .strictObject({
      enabled: breakerFields.enabled.default(true),
      failurePercent: breakerFields.failurePercent.default(50),
      leastRequests: breakerFields.leastRequests.default(20),
      windowMs: breakerFields.windowMs.default(10_000),
      pauseMs: breakerFields.pauseMs.default(5_000),
    })
    .prefault({})
    .describe('When a remote subgraph is left alone.'),
  headers: headers.default([]),
  tls: tls.optional(),
};

/** What one subgraph has otherwise. */
const ownCallSettings = z.strictObject({
  ...z.object(fields).partial().shape,
  retries: z.strictObject(retryFields).partial().optional().describe('Its retries.'),
  breaker: z.strictObject(breakerFields).partial().optional().describe('Its breaker.'),
  headers: headers.optional(),
  tls: tls.optional(),
});

export const byName = z
  .record(z.string(), ownCallSettings)
  .default({})
  .describe(
    'What single subgraphs have otherwise, by their names: any of these settings. Their rules for headers follow those for all.',
  );
