import { randomUUID } from 'node:crypto';
// A tool of your own writes: from 'tributary/receiver'
import { createReceiver, fileStore, type RecordChanges } from '../../receiver/receiver.ts';
import { objectOf, textFields } from '../http/read-json.ts';
import { RequestError } from '../http/request-error.ts';
import type { JsonRequest } from '../http/route.ts';
import { type RunningTool, serveJson } from '../http/serve-json.ts';
import { type Account, type BaseData, withBaseData } from './account.ts';
import { askSupport } from './ask-support.ts';
import { createCustomer } from './create-customer.ts';

interface CrmOptions {
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Of the gateway's graph, such as `http://127.0.0.1:4000/graphql`. */
  readonly gatewayUrl: string;
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly supportUrl: string;
  readonly dataFile: string;
  /** Random by default. */
  readonly newId?: () => string;
}

/** A CRM with accounts of its own, which hears from the hub of every customer and may make new ones there. */
export function startCrm({
  host = '127.0.0.1',
  port,
  gatewayUrl,
  apiKey,
  webhookSecret,
  supportUrl,
  dataFile,
  newId = randomUUID,
}: CrmOptions): Promise<RunningTool> {
  const store = fileStore<Account>(dataFile);

  const receiver = createReceiver<BaseData, RecordChanges<Account>>({
    secret: webhookSecret,
    store,
    on: {
      CustomerCreated: ({ data }, accounts) =>
        accounts.put(data.id, (known) => withBaseData(data, known)),
      CustomerUpdated: ({ data }, accounts) =>
        accounts.put(data.id, (known) => withBaseData(data, known)),
      CustomerDeleted: ({ subject }, accounts) => accounts.remove(subject),
    },
  });

  function find(id = ''): Account {
    const account = store.get(id);
    if (account === undefined) throw new RequestError(404, `There is no customer ${id}.`);
    return account;
  }

  /** A salesperson's new customer: the hub makes it, and the CRM adds what only sales knows. */
  async function create({ headers, body }: JsonRequest): Promise<Account> {
    const { accountValue, ...rest } = objectOf(body);
    const { name, email } = textFields(rest, ['name', 'email']);
    if (accountValue !== undefined && typeof accountValue !== 'number') {
      throw new RequestError(400, '"accountValue" is not a number.');
    }
    // Who sends the same wish again, not knowing whether the first was heard, sends the same key.
    const idempotencyKey = String(headers['idempotency-key'] ?? newId());
    const gateway = { url: gatewayUrl, apiKey };
    const { customer, version } = await createCustomer(gateway, { name, email, idempotencyKey });
    const { id } = customer;
    // The hub does not send us our own changes, so we remember the version ourselves. If an event has overtaken this
    // answer, something newer is known here: its base data stands, or the customer is gone again.
    await store.apply({ entity: 'Customer', subject: id, version }, (accounts) =>
      accounts.put(id, (known) => withBaseData(customer, known)),
    );
    if (accountValue !== undefined) {
      await store.write((accounts) =>
        accounts.put(id, (known) => known && { ...known, accountValue }),
      );
    }
    return find(id);
  }

  return serveJson({
    host,
    port,
    listeners: { '/events': receiver.listener },
    routes: [
      {
        method: 'POST',
        path: '/customers',
        handle: async (request) => ({ status: 201, body: await create(request) }),
      },
      {
        method: 'GET',
        path: '/customers',
        handle: () => ({ status: 200, body: store.list() }),
      },
      {
        method: 'GET',
        path: '/customers/:id',
        handle: ({ parameters }) => ({ status: 200, body: find(parameters['id']) }),
      },
      {
        method: 'GET',
        path: '/customers/:id/service',
        handle: async ({ parameters }) => {
          const account = find(parameters['id']);
          return {
            status: 200,
            body: { ...account, service: await askSupport(supportUrl, account) },
          };
        },
      },
    ],
  });
}
