import { afterEach, describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { LakeVersions } from '../lake/versions.ts';
import { askGraph } from './testing/ask-graph.ts';
import { pushingProject } from './testing/pushing-project.ts';
import { startProject, type TestProject } from './testing/start-project.ts';

const ids = ['A1', 'A2', 'A3', 'A4'];
const rounds = 10;

interface Customer {
  readonly id: string;
  readonly name: string;
  readonly salesRep: string | null;
}

/** What is certainly true of one customer: a number that rises, and whether it is there. */
interface Known {
  round: number;
  isThere: boolean;
  /** Of the rows that its domain's tool has pushed. */
  rep: number;
}

/**
 * Writers and readers at once. Each writer notes what was acknowledged; each reader looks at those notes before it
 * asks, and whatever it is answered must be at least as new.
 */
class Race {
  readonly stale: string[] = [];
  reads = 0;
  readonly #project: TestProject;
  readonly #known = new Map<string, Known>();
  #isOver = false;

  constructor(project: TestProject) {
    this.#project = project;
  }

  async run(): Promise<void> {
    for (const id of ids) this.#known.set(id, { round: 0, isThere: false, rep: 0 });
    const writers = Promise.all([...ids.map((id) => this.#write(id)), this.#push()]);
    void writers.catch(() => undefined).finally(() => (this.#isOver = true));
    await Promise.all([writers, ...[1, 2, 3].map(() => this.#read())]);
  }

  async #write(id: string): Promise<void> {
    const known = this.#knownOf(id);
    for (let round = 1; round <= rounds; round++) {
      const name = `Round ${round}`;
      if (known.isThere) await this.#mutate('updateCustomer', `id: "${id}", name: "${name}"`);
      else
        await this.#mutate(
          'createCustomer',
          `id: "${id}", name: "${name}", email: "${id}@x.example"`,
        );
      Object.assign(known, { round, isThere: true });
      if (round % 4 !== 0) continue;
      // While it goes, nobody can say whether it is there.
      known.isThere = false;
      known.round = -1;
      await this.#mutate('deleteCustomer', `id: "${id}"`);
      Object.assign(known, { round, isThere: false });
    }
  }

  async #push(): Promise<void> {
    for (let rep = 1; rep <= rounds; rep++) {
      const changedAt = new Date(Date.UTC(2026, 0, 1, 0, 0, rep)).toISOString();
      const body = ids.map((id) => JSON.stringify({ id, rep: `Rep ${rep}`, changedAt }));
      const response = await fetch(`${this.#project.server.url}/sync/sales`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: body.join('\n'),
      });
      expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
      for (const id of ids) this.#knownOf(id).rep = rep;
    }
  }

  async #read(): Promise<void> {
    for (let turn = 0; !this.#isOver; turn++) {
      const before = new Map([...this.#known].map(([id, known]) => [id, { ...known }]));
      const customers = await this.#ask(turn % 4, ids[turn % ids.length] ?? '');
      this.reads++;
      for (const [id, customer] of customers) this.#compare(id, customer, before.get(id));
    }
  }

  /** The same customers by several kinds of questions. */
  async #ask(kind: number, id: string): Promise<ReadonlyMap<string, Customer | null>> {
    const fields = '{ id name salesRep }';
    const point = (key: string): string => `customer(id: "${key}") ${fields}`;
    if (kind === 0) {
      const { customer } = await this.#data<{ customer: Customer | null }>(`{ ${point(id)} }`);
      return new Map([[id, customer]]);
    }
    if (kind === 1) {
      const aliases = ids.map((key) => `${key}: ${point(key)}`).join(' ');
      const found = await this.#data<Record<string, Customer | null>>(`{ ${aliases} }`);
      return new Map(Object.entries(found));
    }
    const order = kind === 2 ? '' : ', orderBy: [{ name: DESC }]';
    const list = `{ customers(first: 10, where: { id: { in: ${JSON.stringify(ids)} } }${order}) { nodes ${fields} } }`;
    const { customers } = await this.#data<{ customers: { nodes: readonly Customer[] } }>(list);
    return new Map(ids.map((key) => [key, customers.nodes.find((one) => one.id === key) ?? null]));
  }

  #compare(id: string, customer: Customer | null, before: Known | undefined): void {
    if (before === undefined) return;
    const now = this.#knownOf(id);
    const isSettled = before.round === now.round && before.isThere === now.isThere;
    const tell = (problem: string): number => this.stale.push(`${id}: ${problem}`);
    if (customer === null) {
      if (isSettled && before.isThere) tell(`not there in round ${before.round}`);
      return;
    }
    const round = Number(customer.name.slice('Round '.length));
    if (round < before.round) tell(`round ${round} after ${before.round}`);
    // A write may be done that was not acknowledged yet, so that only what was removed long ago is certain.
    if (round === before.round && isSettled && !before.isThere && before.round > 0)
      tell(`there after its end in round ${round}`);
    const rep = Number((customer.salesRep ?? 'Rep 0').slice('Rep '.length));
    if (rep < before.rep) tell(`representative ${rep} after ${before.rep}`);
  }

  #knownOf(id: string): Known {
    const known = this.#known.get(id);
    if (known === undefined) throw new Error(`${id} is no customer of the race.`);
    return known;
  }

  async #mutate(name: string, input: string): Promise<void> {
    const { data } = await askGraph(
      `${this.#project.server.url}/graphql`,
      `mutation { ${name}(input: { ${input} }) { errors { message } } }`,
    );
    expect(data).toEqual({ [name]: { errors: [] } });
  }

  async #data<Data>(query: string): Promise<Data> {
    const answer = await askGraph(`${this.#project.server.url}/graphql`, query);
    expect(answer.errors).toBeUndefined();
    return answer.data as Data;
  }
}

async function race(): Promise<Race & { readonly statements: number }> {
  const { directory } = pushingProject(tempFolder());
  const project = await startProject({ projectDirectory: directory });
  const run = new Race(project);
  await run.run();
  return Object.assign(run, { statements: project.statements.length });
}

describe('an answer that was kept', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is never older than what was acknowledged before it was asked for', async () => {
    const { stale, reads } = await race();
    expect(stale).toEqual([]);
    expect(reads).toBeGreaterThan(20);
  });

  it.each(['isCurrent', 'isEntityCurrent'] as const)(
    'would be, if %s were wrong, and this test would tell',
    async (check) => {
      vi.spyOn(LakeVersions.prototype, check).mockReturnValue(true);
      expect((await race()).stale).not.toEqual([]);
    },
  );
});
