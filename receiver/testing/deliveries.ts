import { Webhook } from 'standardwebhooks';
import type { Delivery } from '../delivery.ts';
import type { TributaryEvent } from '../tributary-event.ts';

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const otherSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

interface EventDraft {
  readonly version: number;
  readonly subject?: string | undefined;
  readonly kind?: 'Created' | 'Updated' | 'Deleted' | undefined;
  readonly entity?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/** An event as the hub writes it; its data names the version, so that a test sees which one was applied. */
export function eventOf({
  version,
  subject = 'C1',
  kind = version === 1 ? 'Created' : 'Updated',
  entity = 'Customer',
  data = kind === 'Deleted'
    ? { id: subject }
    : { id: subject, name: `Ada ${version}`, email: 'ada@mail.example' },
}: EventDraft): TributaryEvent<Readonly<Record<string, unknown>>> {
  return {
    specversion: '1.0',
    id: String(1000 + version),
    source: '/tools/crm',
    type: `${entity}${kind}`,
    subject,
    time: '2026-01-31T08:30:00.000Z',
    data,
    entityversion: version,
    hlc: `2026-01-31T08:30:00.000Z-${String(version).padStart(6, '0')}`,
    origin: 'crm',
    sequence: String(1000 + version).padStart(20, '0'),
    partitionkey: subject,
  };
}

/** Headers that somebody else's implementation of Standard Webhooks makes. */
export function signedHeaders(
  body: string,
  { id = 'msg_1', at = new Date(), with: signer = secret } = {},
): Record<string, string> {
  return {
    'content-type': 'application/cloudevents+json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(signer).sign(id, at, body),
  };
}

/** A request with the event as the hub sends it. */
export function deliveryOf(event: unknown): Delivery & { readonly body: string } {
  const body = JSON.stringify(event);
  return { headers: signedHeaders(body), body };
}
