import { RequestError } from '../http/request-error.ts';
import type { BaseData } from './account.ts';

export interface Gateway {
  readonly url: string;
  readonly apiKey: string;
}

interface NewCustomer {
  readonly name: string;
  readonly email: string;
  /** The same for each attempt at the same wish: however often it is sent, there is one customer. */
  readonly idempotencyKey: string;
}

export interface CreatedCustomer {
  readonly customer: BaseData;
  readonly version: number;
}

const mutation = `mutation ($input: CreateCustomerInput!) {
  createCustomer(input: $input) {
    customer { id name email }
    version
    errors { code message field }
  }
}`;

interface MutationAnswer {
  readonly errors?: readonly { readonly message: string }[];
  readonly data?: {
    readonly createCustomer: {
      readonly customer: BaseData | null;
      readonly version: number | null;
      readonly errors: readonly { readonly message: string }[];
    };
  } | null;
}

/**
 * Has the hub make a customer. Where another tool was first with this e-mail address, its customer is the answer, so
 * what comes back counts and not what was sent.
 * @throws {RequestError} 422 for what the hub does not take, 502 when it cannot be asked
 */
export async function createCustomer(
  gateway: Gateway,
  input: NewCustomer,
): Promise<CreatedCustomer> {
  const { errors, data } = await send(
    gateway,
    JSON.stringify({ query: mutation, variables: { input } }),
  );
  const result = data?.createCustomer;
  if (result === undefined) {
    throw new RequestError(502, `The hub failed: ${messagesOf(errors ?? [])}`);
  }
  const { customer, version } = result;
  if (customer === null || version === null) throw new RequestError(422, messagesOf(result.errors));
  return { customer, version };
}

async function send({ url, apiKey }: Gateway, body: string): Promise<MutationAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    return (await response.json()) as MutationAnswer;
  } catch (error) {
    throw new RequestError(502, `The hub cannot be reached: ${String(error)}`);
  }
}

function messagesOf(errors: readonly { readonly message: string }[]): string {
  return errors.map(({ message }) => message).join(' ');
}
