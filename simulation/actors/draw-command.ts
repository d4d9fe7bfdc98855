import type { FieldValues, IdentityCommand } from '../../ledger/identity-command.ts';
import { stampOf } from '../../ledger/hybrid-clock.ts';
import type { IdentityModel } from '../model/identity-model.ts';
import type { Chance } from '../world/chance.ts';

const ids = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6'];
const people = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'];

/** Keys of customers, most of which exist. */
export function drawId(chance: Chance, identities: IdentityModel): string {
  const known = [...identities.entities.keys()];
  return chance.happens(0.2) || known.length === 0 ? chance.oneOf(ids) : chance.oneOf(known);
}

export function drawName(chance: Chance): string {
  return `${chance.happens(0.12) ? 'Bad' : ''}${chance.oneOf(people)} ${chance.below(40)}`;
}

/** Addresses meet often, and are written in several ways. */
export function drawEmail(chance: Chance): string {
  const plain = `${chance.oneOf(people)}${chance.below(3)}@mail.example`;
  return chance.oneOf([plain, plain, plain.toUpperCase(), ` ${plain}`]);
}

/** What a tool may ask the hub to do. */
export function drawCommand(
  chance: Chance,
  identities: IdentityModel,
  about: { readonly id: string; readonly actor: string },
): IdentityCommand {
  const { id, actor } = about;
  const key = { id: drawId(chance, identities) };
  const basis = {
    entity: 'Customer',
    origin: { actor, source: `${actor}/api`, cause: id },
    idempotencyKey: id,
  };
  const kind = chance.weighted({ create: 4, update: 5, delete: 1.6, merge: 0.8, mistake: 0.5 });
  const name = drawName(chance);
  const email = drawEmail(chance);
  const version = identities.resolve(key.id)?.version;
  const expectedVersion =
    version === undefined || chance.happens(0.6) ? undefined : version - chance.below(2);
  switch (kind) {
    case 'create': {
      const own = chance.happens(0.7) ? { id: chance.oneOf(ids) } : undefined;
      return { ...basis, kind, key: own, fields: { name, email } };
    }
    case 'update': {
      const fields = chance.oneOf<FieldValues>([{ name }, { name }, { email }, { name, email }]);
      return { ...basis, kind, key, fields, expectedVersion };
    }
    case 'delete':
      return { ...basis, kind, key, expectedVersion };
    case 'merge':
      return { ...basis, kind, winner: key, loser: { id: drawId(chance, identities) } };
    case 'mistake': {
      const fields = chance.oneOf<FieldValues>([
        { name: ' ', email },
        { name, email: 'nobody' },
        { name, email, accountValue: 5 },
      ]);
      return { ...basis, kind: 'create', fields };
    }
  }
}

/** An event of a tool whose clock is not ours, as it sends it. */
export function drawInboundEvent(
  chance: Chance,
  identities: IdentityModel,
  about: { readonly id: string; readonly tool: string; readonly nowMs: number },
): Readonly<Record<string, unknown>> {
  const { id, tool, nowMs } = about;
  const skewMs = chance.oneOf([0, 0, -1_000, -30_000, -600_000, 3_000, 120_000]);
  const isAbsurd = chance.happens(0.04);
  const madeMs = nowMs + (isAbsurd ? 86_400_000 : skewMs) - chance.below(20_000);
  const change = chance.weighted({ Created: 3, Updated: 4, Deleted: 1 });
  const subject = change === 'Created' ? chance.oneOf(ids) : drawId(chance, identities);
  // Many tools tell what everybody knows.
  const known = identities.resolve(subject)?.row?.['name'] ?? undefined;
  const name = known === undefined || chance.happens(0.6) ? drawName(chance) : known;
  const email = drawEmail(chance);
  const isPartial = change === 'Updated' && chance.happens(0.5);
  const data = change === 'Deleted' ? {} : { name, ...(isPartial ? {} : { email }), visits: 3 };
  const stamp = stampOf(madeMs).replace(/0$/, chance.oneOf(['0', '1']));
  const time = new Date(madeMs).toISOString();
  return {
    specversion: '1.0',
    id,
    source: `/${tool}`,
    type: `Customer${change}`,
    subject,
    data,
    ...(chance.happens(0.8) ? { hlc: stamp } : {}),
    ...(chance.happens(0.7) ? { time } : {}),
  };
}
