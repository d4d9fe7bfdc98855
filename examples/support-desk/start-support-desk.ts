// A tool of your own writes: from 'tributary/receiver'
import { createReceiver, fileStore, type RecordChanges, Veto } from '../../receiver/receiver.ts';
import { textFields } from '../http/read-json.ts';
import { RequestError } from '../http/request-error.ts';
import type { JsonRequest } from '../http/route.ts';
import { type RunningTool, serveJson } from '../http/serve-json.ts';
import { type BaseData, type Client, type Tier, tiers, withBaseData } from './client.ts';
import { objectionTo } from './objection.ts';

interface SupportDeskOptions {
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly webhookSecret: string;
  readonly dataFile: string;
}

/** A support desk with clients of its own. It hears from the hub of every customer, and calls nobody. */
export function startSupportDesk({
  host = '127.0.0.1',
  port,
  webhookSecret,
  dataFile,
}: SupportDeskOptions): Promise<RunningTool> {
  const store = fileStore<Client>(dataFile);

  /** A subscriber that may veto refuses here what it could not work with. */
  function take(data: BaseData, clients: RecordChanges<Client>): void {
    const objection = objectionTo(data);
    if (objection !== undefined) throw new Veto(objection);
    clients.put(data.id, (known) => withBaseData(data, known));
  }

  const receiver = createReceiver<BaseData, RecordChanges<Client>>({
    secret: webhookSecret,
    store,
    on: {
      CustomerCreated: ({ data }, clients) => take(data, clients),
      CustomerUpdated: ({ data }, clients) => take(data, clients),
      CustomerDeleted: ({ subject }, clients) => clients.remove(subject),
    },
  });

  function find(id = ''): Client {
    const client = store.get(id);
    if (client === undefined) throw new RequestError(404, `Support has no customer ${id}.`);
    return client;
  }

  async function change(id: string, make: (client: Client) => Client): Promise<Client> {
    find(id);
    await store.write((clients) => clients.put(id, (known) => known && make(known)));
    return find(id);
  }

  async function setTier({ parameters: { id = '' }, body }: JsonRequest): Promise<Client> {
    const { tier } = textFields(body, ['tier']);
    if (!isTier(tier)) throw new RequestError(400, `"tier" is none of ${tiers.join(', ')}.`);
    return change(id, (client) => ({ ...client, tier }));
  }

  async function openTicket({ parameters: { id = '' }, body }: JsonRequest): Promise<Client> {
    const { about } = textFields(body, ['about']);
    return change(id, (client) => ({ ...client, openTickets: [...client.openTickets, about] }));
  }

  return serveJson({
    host,
    port,
    listeners: { '/events': receiver.listener },
    routes: [
      {
        // Another tool says of whom it asks, with the base data and nothing else; the rest support knows itself.
        method: 'POST',
        path: '/service-level',
        handle: ({ body }) => {
          const { tier, openTickets } = find(textFields(body, ['id', 'name', 'email']).id);
          return { status: 200, body: { tier, openTickets } };
        },
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
        method: 'PUT',
        path: '/customers/:id/tier',
        handle: async (request) => ({ status: 200, body: await setTier(request) }),
      },
      {
        method: 'POST',
        path: '/customers/:id/tickets',
        handle: async (request) => ({ status: 201, body: await openTicket(request) }),
      },
    ],
  });
}

function isTier(text: string): text is Tier {
  return (tiers as readonly string[]).includes(text);
}
