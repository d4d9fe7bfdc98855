import type { Log } from '../../../foundation/log.ts';
import type { Clock } from '../../../foundation/clock.ts';
import { defaultPageSize } from '../../../hub/derive/page-size.ts';
import type { HubSchema } from '../../../hub/derive/derive-hub.ts';
import { relationFieldsOf } from '../../../hub/derive/relation-fields.ts';
import type { Entity, LakeModel } from '../../../mapping/model.ts';
import { typeOfCoordinate } from './cost-directives.ts';
import type { KnownListSize, KnownListSizes } from './list-sizes.ts';

/** Rows by table, `schema.name`. */
type TableSizes = ReadonlyMap<string, number>;

interface LakeListSizesOptions {
  readonly model: LakeModel;
  /** Undefined where lists of the hub are not served. */
  readonly hubSchema: HubSchema | undefined;
  readonly lake: { readonly tableSizes: () => Promise<TableSizes> };
  readonly clock: Clock;
  readonly log: Log;
}

/** How long what was read of the lake is good enough. */
const goodForMs = 60_000;

/** Groups that a grouped aggregate is expected to have. */
const expectedGroups = 100;

const pages = { slicingArguments: ['first', 'last'], sizedFields: ['nodes', 'edges'] };

/**
 * The expected lengths of what the lake answers: a page has what it is asked for or its default, at most all rows;
 * rows related to another are the average, as far as DuckDB knows how many rows there are.
 */
export class LakeListSizes implements KnownListSizes {
  readonly #options: LakeListSizesOptions;
  #sizes: TableSizes = new Map();
  #lists: ReadonlyMap<string, KnownListSize> = new Map();
  #types: ReadonlySet<string> = new Set();
  #revision = 0;
  #readAtMs = 0;

  private constructor(options: LakeListSizesOptions) {
    this.#options = options;
  }

  static async read(options: LakeListSizesOptions): Promise<LakeListSizes> {
    const sizes = new LakeListSizes(options);
    await sizes.#refresh();
    return sizes;
  }

  get revision(): number {
    if (this.#options.clock.monotonicMs() - this.#readAtMs > goodForMs) void this.#refresh();
    return this.#revision;
  }

  find(coordinate: string): KnownListSize | undefined {
    return this.#lists.get(coordinate);
  }

  knowsType(name: string): boolean {
    return this.#types.has(name);
  }

  /** A lake that cannot say is no reason to refuse questions: what was known before is used on. */
  async #refresh(): Promise<void> {
    const { model, hubSchema, lake, clock, log } = this.#options;
    this.#readAtMs = clock.monotonicMs();
    try {
      const sizes = await lake.tableSizes();
      if (this.#revision > 0 && !hasChangedByFar(this.#sizes, sizes)) return;
      this.#sizes = sizes;
      this.#lists = listsOf(model, hubSchema, sizes);
      this.#types = new Set([...this.#lists.keys()].map(typeOfCoordinate));
      this.#revision += 1;
    } catch (error) {
      log.warn({ err: error }, 'the sizes of tables were not found out');
    }
  }
}

function listsOf(
  model: LakeModel,
  hubSchema: HubSchema | undefined,
  sizes: TableSizes,
): ReadonlyMap<string, KnownListSize> {
  const rowsOf = (name: string): number | undefined => {
    const entity = model.entities.get(name);
    return entity === undefined ? undefined : rowsOfEntity(entity, sizes);
  };
  const lists = new Map<string, KnownListSize>();
  for (const [name, field] of hubSchema?.rootFields ?? []) {
    if (field.kind === 'lookup') continue;
    const rows = rowsOf(field.entity);
    lists.set(`Query.${name}`, field.kind === 'list' ? pageOf(rows) : groupsOf(rows));
  }
  for (const [coordinate, { kind, relation }] of relationFieldsOf(model)) {
    if (kind === 'aggregate' || relation.relation.cardinality === 'one') continue;
    const parents = rowsOf(coordinate.slice(0, coordinate.indexOf('.')));
    const rows = rowsOf(relation.relation.target);
    const related = parents === undefined || rows === undefined ? undefined : rows / parents;
    const average = related === undefined ? undefined : Math.max(1, related);
    lists.set(coordinate, kind === 'page' ? pageOf(average) : rowsRelated(average));
  }
  return lists;
}

function pageOf(mostItems: number | undefined): KnownListSize {
  return { ...pages, assumedSize: defaultPageSize, mostItems };
}

function groupsOf(mostItems: number | undefined): KnownListSize {
  return {
    slicingArguments: ['limit'],
    sizedFields: [],
    assumedSize: expectedGroups,
    mostItems,
    splittingArgument: 'groupBy',
  };
}

function rowsRelated(mostItems: number | undefined): KnownListSize {
  return {
    slicingArguments: ['first'],
    sizedFields: [],
    assumedSize: mostItems ?? defaultPageSize,
    mostItems,
  };
}

/** At least one, so that nothing is free because nothing is there yet. */
function rowsOfEntity({ identity }: Entity, sizes: TableSizes): number | undefined {
  const rows = sizes.get(`${identity.domain}.${identity.table}`);
  return rows === undefined ? undefined : Math.max(1, rows);
}

function hasChangedByFar(before: TableSizes, now: TableSizes): boolean {
  for (const [table, rows] of now) {
    const known = before.get(table);
    if (known === undefined || rows > 2 * known + 10 || 2 * rows + 10 < known) return true;
  }
  return false;
}
