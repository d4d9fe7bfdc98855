import type { IncomingHttpHeaders } from 'node:http';
import { actorOf } from '../../access/caller.ts';
import type { EventService, InboundOutcome } from '../../events/event-service.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { checkNesting } from '../limits/check-nesting.ts';
import { jsonResponse } from './json-response.ts';
import type { FrontRequest, FrontResponse, Route } from './route.ts';

export const eventsPath = '/events';

/**
 * `POST /events`: events of other tools, in each of the forms that CloudEvents has for HTTP.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function eventRoute(events: Pick<EventService, 'receive'>): Route {
  return {
    method: 'POST',
    path: eventsPath,
    handle: async (request) => {
      const { form, given } = readEvents(request);
      const outcomes = await events.receive(given, actorOf(request.caller));
      return form === 'batch' ? jsonResponse(200, { outcomes }) : answerOne(outcomes[0]);
    },
  };
}

/** A tool that sends one event can tell from the status whether it will do. */
function answerOne(outcome: InboundOutcome | undefined): FrontResponse {
  return jsonResponse(outcome?.status === 'refused' ? 422 : 200, outcome ?? null);
}

interface SentEvents {
  readonly form: 'one' | 'batch';
  readonly given: readonly unknown[];
}

/** @throws EVENT_FORM_UNKNOWN, EVENT_MALFORMED, DOCUMENT_TOO_NESTED */
function readEvents({ headers, body }: FrontRequest): SentEvents {
  const type = headers['content-type'];
  const [essence = ''] = (type ?? '').toLowerCase().split(';');
  switch (essence.trim()) {
    case 'application/cloudevents+json':
      return { form: 'one', given: [readObject(readJson(body))] };
    case 'application/cloudevents-batch+json':
      return { form: 'batch', given: readList(readJson(body)) };
    case 'application/json':
      if (headers['ce-specversion'] !== undefined) {
        return { form: 'one', given: [withAttributes(headers, readJson(body))] };
      }
      throw raise('EVENT_FORM_UNKNOWN', {
        problem: 'is of the type "application/json" and has no header ce-specversion',
      });
    default: {
      const problem = type === undefined ? 'has no content-type' : `is of the type "${type}"`;
      throw raise('EVENT_FORM_UNKNOWN', { problem });
    }
  }
}

function readJson(body: string): unknown {
  checkNesting(body, 'The JSON of the event');
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('EVENT_MALFORMED', { problem }, { cause: error });
  }
}

function readObject(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw raise('EVENT_MALFORMED', { problem: 'it is not an object' });
}

function readList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.map(readObject);
  throw raise('EVENT_MALFORMED', { problem: 'a batch is an array' });
}

/** Attributes that are whole numbers in JSON, and texts in a header. */
const numbers: ReadonlySet<string> = new Set(['entityversion']);

/** Binary mode: attributes stand in headers, percent-encoded, and the body is the data. */
function withAttributes(headers: Readonly<IncomingHttpHeaders>, data: unknown): unknown {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-') && name !== 'ce-data')
    .map(([name, value]) => [name.slice('ce-'.length), decode(name, String(value))] as const)
    .map(([name, text]) => [
      name,
      numbers.has(name) && /^\d{1,15}$/.test(text) ? Number(text) : text,
    ]);
  return { ...Object.fromEntries(attributes), datacontenttype: 'application/json', data };
}

function decode(name: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    const problem = `the header ${name} is not percent-encoded`;
    throw raise('EVENT_MALFORMED', { problem }, { cause: error });
  }
}
