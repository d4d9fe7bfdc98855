import { buildSchema, graphql } from 'graphql';
import { Webhook } from 'standardwebhooks';
import { objectOf } from '../http/read-json.ts';
import { type RunningTool, serveJson } from '../http/serve-json.ts';

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Mutation { createCustomer(input: CreateCustomerInput!): CreateCustomerPayload! }
  input CreateCustomerInput { id: ID, name: String!, email: String!, idempotencyKey: String }
  type CreateCustomerPayload { customer: Customer, version: Int, errors: [MutationError!]! }
  type Customer { id: ID!, name: String!, email: String! }
  type MutationError { code: String!, message: String!, field: String }
`);

interface Input {
  readonly name: string;
  readonly email: string;
  readonly idempotencyKey: string;
}

interface Customer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly version: number;
}

/** As much of the gateway as the example tools see of it: the mutation, and events by webhook. */
export class FakeGateway {
  readonly #server: RunningTool;
  readonly #customers: readonly Customer[];
  readonly apiKeys: readonly (string | undefined)[];

  static async start(): Promise<FakeGateway> {
    const customers: Customer[] = [];
    const apiKeys: (string | undefined)[] = [];
    const byKey = new Map<string, Customer>();
    const createCustomer = ({ input }: { readonly input: Input }) => {
      const { name, email, idempotencyKey } = input;
      if (!email.includes('@')) {
        const error = { code: 'INVALID', message: 'email is no address.', field: 'email' };
        return { customer: null, version: null, errors: [error] };
      }
      const customer = byKey.get(idempotencyKey) ?? {
        id: `C${customers.length + 1}`,
        name,
        email,
        version: 1,
      };
      if (!byKey.has(idempotencyKey)) customers.push(customer);
      byKey.set(idempotencyKey, customer);
      return { customer, version: customer.version, errors: [] };
    };
    const server = await serveJson({
      host: '127.0.0.1',
      port: 0,
      listeners: {},
      routes: [
        {
          method: 'POST',
          path: '/graphql',
          async handle({ headers, body }) {
            apiKeys.push(headers['x-api-key']?.toString());
            const { query, variables } = objectOf(body);
            const variableValues = objectOf(variables);
            const rootValue = { createCustomer };
            const source = String(query);
            return {
              status: 200,
              body: await graphql({ schema, source, rootValue, variableValues }),
            };
          },
        },
      ],
    });
    return new FakeGateway(server, customers, apiKeys);
  }

  private constructor(
    server: RunningTool,
    customers: readonly Customer[],
    apiKeys: readonly (string | undefined)[],
  ) {
    this.#server = server;
    this.#customers = customers;
    this.apiKeys = apiKeys;
  }

  get url(): string {
    return `${this.#server.url}/graphql`;
  }

  get customers(): readonly Customer[] {
    return this.#customers;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** Sends an event to a tool as the hub does; gives the HTTP status and what the tool says. */
export async function deliver(
  tool: RunningTool,
  secret: string,
  event: { readonly id: string },
): Promise<{ readonly status: number; readonly json: unknown }> {
  const body = JSON.stringify(event);
  const at = new Date();
  const response = await fetch(`${tool.url}/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(event.id, at, body),
    },
    body,
  });
  return { status: response.status, json: await response.json() };
}
