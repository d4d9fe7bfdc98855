import {
  catalogue,
  type CatalogueEntry,
  type ErrorCode,
  type ErrorParameters,
} from './catalogue.ts';

/** A place in a file that a person can open. Lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

interface RaiseOptions {
  readonly at?: SourceLocation | undefined;
  readonly cause?: unknown;
  /** After which time the same may be tried again with success. */
  readonly retryAfterSeconds?: number | undefined;
}

/** An error of the catalogue. `message` says what happened, `hint` how to fix it, `at` where. */
export class TributaryError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly at: SourceLocation | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, hint: string, options: RaiseOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TributaryError';
    this.code = code;
    this.hint = hint;
    this.at = options.at;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return entryOf(this.code).status;
  }

  /** What GraphQL puts beside the message; graphql-js and Apollo Server look for it under this name. */
  get extensions(): { readonly code: ErrorCode; readonly hint: string } {
    return { code: this.code, hint: this.hint };
  }

  get isShownToClients(): boolean {
    return entryOf(this.code).audience === 'client';
  }
}

/** Makes the error of the catalogue with this code; throw what it returns. */
export function raise<Code extends ErrorCode>(
  code: Code,
  parameters: ErrorParameters<Code>,
  options: RaiseOptions = {},
): TributaryError {
  const entry = entryOf(code);
  return new TributaryError(
    code,
    fill(entry.message, parameters),
    fill(entry.hint, parameters),
    options,
  );
}

interface ErrorText {
  readonly message: string;
  readonly code: string | undefined;
  readonly hint?: string | undefined;
  /** A place in a file, or in what was sent. */
  readonly place?: string | undefined;
}

/** `place: message`, the hint on a line of its own, and the code: the form in which a terminal shows every error. */
export function errorText({ message, code, hint, place }: ErrorText): string {
  const text = place === undefined || place === '' ? message : `${place}: ${message}`;
  const ending = code === undefined ? '' : ` [${code}]`;
  return hint === undefined || hint === '' ? `${text}${ending}` : `${text}\n  ${hint}${ending}`;
}

export function describeError({ message, code, hint, at }: TributaryError): string {
  return errorText({ message, code, hint, place: at && formatLocation(at) });
}

export function formatLocation({ file, line, column }: SourceLocation): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

function entryOf(code: ErrorCode): CatalogueEntry {
  return catalogue[code];
}

function fill(text: string, parameters: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name]));
}
