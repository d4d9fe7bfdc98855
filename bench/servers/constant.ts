import { createServer } from 'node:http';
import { listenOnLoopback } from './listen.ts';

/** The floor under every server on this runtime: reads the request, answers a constant of the size of a real answer. */

const customer = {
  id: 'C0000042',
  name: 'A name of the usual length',
  email: 'somebody.with.an.address@mail.example',
  createdAt: '2024-02-18T14:14:08Z',
  updatedAt: '2024-02-18T14:14:08Z',
  createdBy: 'helpdesk',
  accountValue: 95_761.38,
  salesRep: 'A name of the usual length',
  supportTier: 'SILVER',
  lifetimeTickets: 11,
  vatNumber: 'ES11152909X',
  paymentTerms: 'NET_60',
};

const point = Buffer.from(JSON.stringify({ customers: [customer] }));
const page = Buffer.from(JSON.stringify({ customers: Array.from({ length: 50 }, () => customer) }));

listenOnLoopback(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = Buffer.concat(chunks).includes('"page"') ? page : point;
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': answer.length,
      });
      response.end(answer);
    });
  }),
);
