import { sql, value } from '../../lake/sql.ts';
import type { RowTexts } from '../../ledger/change.ts';
import type { LoggedChange } from '../model/logged-change.ts';
import { mustEqual, mustHold } from '../world/broken-rule.ts';
import type { Subscription } from '../world/company.ts';
import type { World } from '../world/world.ts';
import { wantedChanges } from './wanted-changes.ts';

/** What became of a veto. */
interface Veto {
  readonly sequence: number;
  readonly subscriber: string;
  readonly outcome: string;
  readonly compensation: number | null;
  readonly spared: readonly string[];
}

/** Whether each honest subscriber has heard of everything, and has what the model has. */
export async function checkSubscribers(
  subscriptions: Iterable<Subscription>,
  world: World,
): Promise<void> {
  const vetoes = await readVetoes(world);
  checkVetoes(vetoes, world);
  for (const subscription of subscriptions) {
    const { tool, id } = subscription;
    if (tool.character === 'liar') continue;
    const missed = wantedChanges(subscription, world).find(
      ({ sequence }) => !tool.done.has(String(sequence)) && !isSpared(sequence, id, vetoes),
    );
    mustHold(
      missed === undefined,
      'Every event that a subscriber wants is delivered to it.',
      () => `${tool.name} never got ${missed?.sequence ?? ''}`,
    );
    mustEqual(
      new Map([...tool.records].map(([key, record]) => [key, bare(record)])),
      new Map([...expectedRecords(subscription, world)].map(([key, row]) => [key, recordOf(row)])),
      `${tool.name} has the customers that there are.`,
    );
  }
}

async function readVetoes({ lake }: World): Promise<readonly Veto[]> {
  const { columns, rowCount } = await lake.read(
    sql`SELECT "sequence", subscriber, outcome, compensation, spared FROM events.veto WHERE ${value(true)}`,
  );
  return Array.from({ length: rowCount }, (_, row) => {
    const compensation = columns[3]?.[row] ?? null;
    return {
      sequence: Number(columns[0]?.[row]),
      subscriber: String(columns[1]?.[row]),
      outcome: String(columns[2]?.[row]),
      compensation: compensation === null ? null : Number(compensation),
      spared: JSON.parse(String(columns[4]?.[row])) as readonly string[],
    };
  });
}

/** A veto takes its change back, unless a later version is there or it came too late. */
function checkVetoes(vetoes: readonly Veto[], { identities }: World): void {
  for (const { sequence, outcome, compensation } of vetoes) {
    const reversal = identities.changes.find(({ reverses }) => reverses === sequence);
    mustEqual(
      [sequence, outcome, compensation],
      [sequence, reversal === undefined ? 'TOO_LATE' : 'COMPENSATED', reversal?.sequence ?? null],
      'What is said of a veto is what became of its change.',
    );
  }
}

function isSpared(sequence: number, id: string, vetoes: readonly Veto[]): boolean {
  return vetoes.some(
    (veto) =>
      veto.outcome === 'COMPENSATED' &&
      ((veto.sequence === sequence && veto.spared.includes(id)) ||
        (veto.compensation === sequence && (veto.spared.includes(id) || veto.subscriber === id))),
  );
}

/** What it has if it took all events over in their order, and what it did itself besides. */
function expectedRecords(subscription: Subscription, world: World): ReadonlyMap<string, RowTexts> {
  const { tool, start, withSnapshot, includesOwn } = subscription;
  const wanted = new Set(wantedChanges(subscription, world));
  const records = new Map<string, RowTexts>();
  for (const change of world.identities.changes) {
    const isOfSnapshot = withSnapshot && change.sequence <= start;
    const isOwn = !includesOwn && change.actor === tool.owner && change.source !== 'tributary/veto';
    if (!wanted.has(change) && !isOfSnapshot && !isOwn) continue;
    if (isRefused(change, subscription)) continue;
    if (change.after === null) records.delete(change.key);
    else records.set(change.key, change.after);
  }
  return records;
}

/** What it refused it did not take over, and so it is not told either that it was taken back. */
function isRefused({ sequence, reverses }: LoggedChange, { tool }: Subscription): boolean {
  return (
    tool.vetoed.has(String(sequence)) || (reverses !== null && tool.vetoed.has(String(reverses)))
  );
}

function bare({
  id,
  name,
  email,
  createdAt,
  updatedAt,
  createdBy,
}: Readonly<Record<string, unknown>>): unknown {
  return { id, name, email, createdAt, updatedAt, createdBy };
}

function recordOf(row: RowTexts): unknown {
  const {
    id,
    name,
    email,
    created_at: createdAt,
    updated_at: updatedAt,
    created_by: createdBy,
  } = row;
  return { id, name, email, createdAt, updatedAt, createdBy };
}
