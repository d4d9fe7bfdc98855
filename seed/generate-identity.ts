import { firstDay, microsPerDay, referenceDay, referenceMicros } from './calendar.ts';
import { customerId, exampleCustomer } from './customer-number.ts';
import type { Name, NamePool, NamePools } from './name-pools.ts';
import { type Random, weighted } from './random.ts';
import type { identityCustomers, Moment, RowOf } from './tables.ts';

export interface IdentityRow extends RowOf<typeof identityCustomers> {
  readonly created_at: Moment;
}

/** The lean identity of a customer; every customer has one, and none of its fields is null. */
export function generateIdentity(random: Random, customer: number, pools: NamePools): IdentityRow {
  random.seek(customer, 'identity');
  const pool = random.pick(pools.locales);
  const handle = random.pick(pools.handles);
  const named = drawName(random, customer === exampleCustomer ? pools.english : pool);
  const createdAt = drawCreation(random);
  return {
    id: customerId(customer),
    name: named.name,
    email: address(random, customer, named.slug === '' ? handle.slug : named.slug),
    created_at: createdAt,
    updated_at: drawUpdate(random, createdAt),
    created_by: random.oneIn(4) ? random.pick(pools.salesReps) : random.pick(tools),
  };
}

const tools = weighted(['crm', 4], ['webshop', 3], ['erp', 2], ['helpdesk', 2], ['import', 1]);

const companiesPerCent = 35;

function drawName(random: Random, pool: NamePool): Named {
  return random.below(100) < companiesPerCent
    ? nameCompany(random, pool)
    : namePerson(random, pool);
}

interface Named {
  readonly name: string;
  readonly slug: string;
}

function namePerson(random: Random, pool: NamePool): Named {
  const given = random.pick(pool.given);
  const family = random.pick(pool.family);
  const { separator, isFamilyFirst } = pool;
  if (random.oneIn(120)) {
    const nickname = random.pick(pool.given);
    return { name: `${given.text} "${nickname.text}" ${family.text}`, slug: slugOf(given, family) };
  }
  return {
    name: isFamilyFirst
      ? family.text + separator + given.text
      : given.text + separator + family.text,
    slug: slugOf(given, family),
  };
}

function nameCompany(random: Random, pool: NamePool): Named {
  const company = random.pick(pool.company);
  return { name: company.text, slug: company.slug };
}

function slugOf(given: Name, family: Name): string {
  return given.slug === '' || family.slug === '' ? '' : `${given.slug}.${family.slug}`;
}

/** Names that are reserved for documentation (RFC 2606): no message can reach anybody. */
const mailDomains = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example',
  'post.example',
  'shop.example',
  'office.example',
] as const;

const tags = ['news', 'billing', 'orders', 'crm'] as const;

/** Slugs hold no digits, so the customer's number keeps addresses apart, with or without a tag. */
function address(random: Random, customer: number, slug: string): string {
  const tag = random.oneIn(25) ? `+${random.pick(tags)}` : '';
  return `${slug}${customer}${tag}@${random.pick(mailDomains)}`;
}

/** Offsets of real time zones, with the odd ones: half and quarter hours, and the two ends of the day. */
const offsetsMinutes = weighted(
  [0, 6],
  [60, 4],
  [120, 4],
  [-300, 3],
  [-480, 3],
  [330, 2],
  [480, 2],
  [540, 2],
  [-210, 1],
  [345, 1],
  [570, 1],
  [765, 1],
  [840, 1],
  [-720, 1],
);

const secondsPerDay = 86_400;

function drawCreation(random: Random): Moment {
  const day = firstDay + random.below(referenceDay - firstDay);
  const epochMicros =
    day * microsPerDay + random.below(secondsPerDay) * 1_000_000 + fraction(random);
  return { epochMicros, offsetMinutes: random.pick(offsetsMinutes) };
}

/** Most tools keep whole seconds, some milliseconds, a few microseconds. */
function fraction(random: Random): number {
  const draw = random.below(20);
  if (draw === 0) return random.below(1_000_000);
  return draw <= 2 ? random.below(1_000) * 1_000 : 0;
}

/** A third of the customers never changed; the others changed at some second between their creation and today. */
function drawUpdate(random: Random, createdAt: Moment): Moment {
  if (random.oneIn(3)) return createdAt;
  const seconds = random.below(Math.floor((referenceMicros - createdAt.epochMicros) / 1_000_000));
  return {
    epochMicros: createdAt.epochMicros + seconds * 1_000_000,
    offsetMinutes: random.pick(offsetsMinutes),
  };
}
