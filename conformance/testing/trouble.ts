import type { ServerResponse } from 'node:http';
import { Chance } from '../../simulation/world/chance.ts';
import { answerWell, sendJson, type Behaviour } from './reviews-subgraph.ts';

/** The ways in which a subgraph gives trouble. */
const troubles = {
  hang: () => {},
  reset: (_, { socket }) => void socket?.resetAndDestroy(),
  halfABody: (_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"data":{"_enti', () => {
      response.destroy();
    });
  },
  wrongJson: (_, response) => sendJson(response, { ok: true }),
  endless: (_, response) => {
    response.write('{"data":{"_entities":[{"rating":"');
    pour(response, gibibyte);
  },
  wrongTypes: ({ query, variables }, response) => {
    const count = (variables['representations'] as readonly unknown[] | undefined)?.length;
    const wrong = { rating: 'none', reviews: { stars: [] } };
    const data =
      count === undefined
        ? { reviews: query }
        : { _entities: Array.from({ length: count }, () => wrong) };
    sendJson(response, { data });
  },
} as const satisfies Record<string, Behaviour>;

export type TroubleName = keyof typeof troubles;

export const troubleNames = Object.keys(troubles) as readonly TroubleName[];

const gibibyte = 1_073_741_824;

export interface Trouble {
  readonly behaviour: Behaviour;
  /** How often each kind of trouble came. */
  readonly counts: Readonly<Record<TroubleName, number>>;
}

/** Trouble in this share of all requests, drawn from a seed; the others are answered well. */
export function troubleIn(share: number, seed: string): Trouble {
  const chance = new Chance(seed);
  const counts = Object.fromEntries(troubleNames.map((name) => [name, 0])) as Record<
    TroubleName,
    number
  >;
  return {
    counts,
    behaviour: (request, response) => {
      if (!chance.happens(share)) return answerWell(request, response);
      const name = chance.oneOf(troubleNames);
      counts[name]++;
      return troubles[name](request, response);
    },
  };
}

/** Writes as fast as somebody reads, until they have enough. */
function pour(response: ServerResponse, bytesLeft: number): void {
  const piece = 'x'.repeat(65_536);
  let left = bytesLeft;
  while (left > 0 && !response.destroyed) {
    left -= piece.length;
    if (!response.write(piece)) {
      response.once('drain', () => pour(response, left));
      return;
    }
  }
  if (!response.destroyed) response.end('"}]}}');
}
