/** Why a request is not taken, with the HTTP status and what the sender or the tool's programmer can do. */
const rejections = {
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: 'Events come by POST.',
    hint: 'Send the event with POST to this address.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: 'The body is larger than this tool takes.',
    hint: 'An event carries base data only. Where yours is larger, raise maxBodyBytes of createReceiver.',
  },
  BODY_ALREADY_READ: {
    status: 500,
    message: 'Something before the receiver has read the body, so its signature cannot be checked.',
    hint: 'Put the receiver before whatever parses bodies, or give the raw bytes to receiver.handle.',
  },
  HEADERS_MISSING: {
    status: 400,
    message: 'The request is not signed.',
    hint: 'Send webhook-id, webhook-timestamp and webhook-signature, see https://www.standardwebhooks.com.',
  },
  TIMESTAMP_INVALID: {
    status: 400,
    message: 'The header webhook-timestamp is not a number of seconds.',
    hint: 'Send the seconds since 1970-01-01T00:00:00Z, as a whole number.',
  },
  SIGNATURE_INVALID: {
    status: 401,
    message: 'No signature of the request fits the secret of this tool.',
    hint: 'Compare the secret with the one that createSubscriber told, and sign and check the bytes of the body as they are sent.',
  },
  TIMESTAMP_OUT_OF_TOLERANCE: {
    status: 401,
    message: 'The request was signed too long ago, or in the future.',
    hint: 'Set the clocks of both machines. A request that is sent again needs a new timestamp and signature.',
  },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    message: 'The body is not announced as one event in JSON.',
    hint: 'Send one CloudEvent with content-type: application/cloudevents+json.',
  },
  BODY_NOT_UTF8: {
    status: 400,
    message: 'The body is not UTF-8.',
    hint: 'Send JSON in UTF-8, without compression.',
  },
  BODY_NOT_JSON: {
    status: 400,
    message: 'The body is not JSON.',
    hint: 'Send one CloudEvent in structured mode: all of it, attributes and data, as one JSON object.',
  },
  EVENT_INVALID: {
    status: 400,
    message: 'The body is not an event of Tributary.',
    hint: 'Send a CloudEvent 1.0 with id, source, type, subject, entityversion and data.',
  },
  BUSY: {
    status: 503,
    message: 'Too many events of this subject wait here already.',
    hint: 'Send it again later. If this lasts, a handler of the tool hangs.',
  },
  TOOL_FAILED: {
    status: 500,
    message: 'The tool could not take the event over. Nothing was remembered of it.',
    hint: 'Send it again later. The log of the tool has the cause.',
  },
} as const;

export type RejectionCode = keyof typeof rejections;

/** A request that the receiver does not take. `message` and `hint` are safe to show to the sender. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly code: RejectionCode;
  readonly status: number;
  readonly hint: string;

  /** @param detail What exactly, as a sentence; it stands behind the general message. */
  constructor(code: RejectionCode, detail?: string) {
    const { status, message, hint } = rejections[code];
    super(detail === undefined ? message : `${message} ${detail}`);
    this.code = code;
    this.status = status;
    this.hint = hint;
  }
}
