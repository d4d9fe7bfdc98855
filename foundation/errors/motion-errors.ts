import type { CatalogueEntry } from './catalogue-entry.ts';

/** What the gateway lets callers and operators do with all that moves. */
export const motionErrors = {
  MOTION_NAME_RESERVED: {
    audience: 'operator',
    status: 500,
    message: 'The name {name} is reserved for what the graph says of events and syncs.',
    hint: 'Rename it in the schema that declares it, or the entity that it is derived from.',
  },
  MOTION_UNAVAILABLE: {
    audience: 'client',
    status: 503,
    message: 'This server does not keep events and syncs.',
    hint: 'Ask the server that serves the whole project.',
  },
  SUBSCRIPTION_NEEDS_STREAM: {
    audience: 'client',
    status: 406,
    message:
      'A subscription is answered with a stream of server-sent events, which this request does not accept.',
    hint: 'Send the header accept: text/event-stream, or read page by page with the query events(after:, first:).',
  },
  SUBSCRIPTION_LOST: {
    audience: 'client',
    status: 502,
    message: 'The subgraph {subgraph} broke the subscription off: {problem}.',
    hint: 'Subscribe again; what happened in between can be asked by a query.',
  },
  SUBSCRIPTION_URL_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The setting subgraphs.subscriptionUrls has "{entry}", which {problem}.',
    hint: 'Write NAME=URL: with http or https for server-sent events, with ws or wss for graphql-ws.',
  },
  STREAMS_EXHAUSTED: {
    audience: 'client',
    status: 503,
    message: 'The server has {limit} streams open, and opens no more.',
    hint: 'Close streams that nobody reads, or let the operator raise the setting events.maxStreams.',
  },
  EVENT_FORM_UNKNOWN: {
    audience: 'client',
    status: 415,
    message: 'The request {problem}, and only CloudEvents are read.',
    hint: 'Send one event as application/cloudevents+json, several as application/cloudevents-batch+json, or data as application/json with the attributes in ce- headers.',
  },
  EVENT_MALFORMED: {
    audience: 'client',
    status: 400,
    message: 'The body of the request is no CloudEvent: {problem}.',
    hint: 'Send a JSON object with the members specversion, id, source, type and data, or an array of such objects as a batch.',
  },
  PUSH_FORM_UNKNOWN: {
    audience: 'client',
    status: 415,
    message: 'The request {problem}, and only NDJSON is read.',
    hint: 'Send one JSON object a line, with the header content-type: application/x-ndjson.',
  },
  PUSH_MODE_UNKNOWN: {
    audience: 'client',
    status: 400,
    message: 'There is no mode "{mode}".',
    hint: 'Ask for ?mode=snapshot when the rows are all that there are, or for ?mode=delta, which is the default.',
  },
  PUSH_TOO_LARGE: {
    audience: 'client',
    status: 413,
    message: 'The rows are more than {limitBytes} bytes.',
    hint: 'Send them in several requests, or let the operator raise the setting sync.maxPushBytes.',
  },
  PUSH_STALLED: {
    audience: 'client',
    status: 408,
    message: 'Nothing of the body came for {timeoutMs} ms.',
    hint: 'Send without long pauses, or let the operator raise the setting sync.pushIdleTimeoutMs.',
  },
  FRESHNESS_UNKNOWN: {
    audience: 'client',
    status: 400,
    message: 'The header x-tributary-freshness cannot be "{wished}".',
    hint: 'Send "true" to be told how old what the answer was made of is, or leave the header out.',
  },
  FRESHNESS_UNAVAILABLE: {
    audience: 'client',
    status: 503,
    message: 'This server does not know how old its data is.',
    hint: 'Leave the header x-tributary-freshness out, or ask the server that serves the whole project.',
  },
  EXPORT_TARGET_NOT_EMPTY: {
    audience: 'operator',
    status: 500,
    message: 'The folder {directory} is not empty.',
    hint: 'Name another one, or replace the export that is there with --replace.',
  },
  EXPORT_TARGET_FOREIGN: {
    audience: 'operator',
    status: 500,
    message: 'The folder {directory} holds {file}, which no export wrote, and is not replaced.',
    hint: 'Name another folder, or move away what is there.',
  },
  EXPORT_RUNNING: {
    audience: 'operator',
    status: 500,
    message: 'The lake is being exported already.',
    hint: 'Wait until that export is over.',
  },
  EXPORT_CANCELLED: {
    audience: 'operator',
    status: 500,
    message: 'The export to {directory} was given up; nothing is there.',
    hint: 'Run it again, and keep both the command and the server running until it is over.',
  },
  EXPORT_FAILED: {
    audience: 'operator',
    status: 500,
    message: 'The lake was not exported to {directory}: {reason}',
    hint: 'Check that the user of the server may write there, and that the disk has room.',
  },
  EXPORT_NO_LAKE: {
    audience: 'operator',
    status: 500,
    message: 'There is no lake in {directory}.',
    hint: 'Name the data directory with --data, or serve the project once, which makes its lake.',
  },
  SERVER_NOT_RUNNING: {
    audience: 'operator',
    status: 500,
    message: 'No server runs with the data directory {directory}.',
    hint: 'Start one with `tributary serve`, or name the data directory of another one with --data.',
  },
  SERVER_OUT_OF_REACH: {
    audience: 'operator',
    status: 500,
    message: 'The server with the data directory {directory} cannot be reached: {problem}',
    hint: 'Run the command as the user who runs the server.',
  },
  SERVER_BROKE_OFF: {
    audience: 'operator',
    status: 500,
    message: 'The server with the data directory {directory} went away before it had answered.',
    hint: "Look into the server's log.",
  },
  CONTROL_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: 'The server does not know the command "{name}".',
    hint: 'Restart the server, so that it and the command are of one version.',
  },
  CONTROL_INVALID: {
    audience: 'operator',
    status: 500,
    message: 'The server does not understand what the command sent: {problem}',
    hint: 'Restart the server, so that it and the command are of one version.',
  },
  CONTROL_FAILED: {
    audience: 'operator',
    status: 500,
    message: 'The server could not do it: {problem}',
    hint: "Look into the server's log.",
  },
  BODY_NOT_GZIP: {
    audience: 'client',
    status: 400,
    message: 'The body of the request is not what content-encoding: gzip says: {problem}.',
    hint: 'Compress all of it with gzip, or leave the header out.',
  },
} as const satisfies Record<string, CatalogueEntry>;
