import type { Random } from '../../oracle/random.ts';
import type { RandomField, Required } from './random-field.ts';

/** An entity; a value without keys; or what an interface object adds to each type of its interface. */
export interface RandomType {
  readonly name: string;
  readonly kind: 'entity' | 'value' | 'interface object';
  readonly fields: RandomField[];
  /** The keys that each subgraph has of it, each a list of fields. */
  readonly homes: Map<string, readonly (readonly string[])[]>;
}

export interface RandomAbstract {
  readonly name: string;
  readonly kind: 'interface' | 'union';
  readonly members: readonly string[];
  /** Fields that all members have. */
  readonly common: string[];
  /** Whether it has the key `id`, by which an interface object is completed. */
  readonly hasKey: boolean;
}

export interface RandomRoot {
  readonly name: string;
  readonly owner: string;
  readonly target: string;
  readonly isList: boolean;
}

export interface RandomGraph {
  readonly subgraphs: readonly string[];
  readonly types: ReadonlyMap<string, RandomType>;
  readonly abstracts: ReadonlyMap<string, RandomAbstract>;
  readonly roots: readonly RandomRoot[];
}

const keyChoices = [[['id']], [['id'], ['code']], [['x', 'y']], [['id'], ['x', 'y']]] as const;

export const keyTypes: Readonly<Record<string, string>> = {
  id: 'ID!',
  code: 'String!',
  x: 'String!',
  y: 'Int!',
};

const scalarTypes = ['Int', 'String', 'String', 'Int!', 'String!'];

/** Subgraphs that may compose: a small world of entities, with chance from one seed. */
export function randomGraph(random: Random): RandomGraph {
  return new GraphMaker(random).make();
}

class GraphMaker {
  readonly #random: Random;
  readonly #subgraphs: readonly string[];
  readonly #types = new Map<string, RandomType>();
  readonly #abstracts = new Map<string, RandomAbstract>();
  readonly #keys = new Map<string, readonly (readonly string[])[]>();
  /** Subgraphs that know an interface only as an object. */
  readonly #apart: ReadonlySet<string>;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#subgraphs = ['a', 'b', 'c', 'd'].slice(0, 2 + random.below(3));
    const last = this.#subgraphs.length - 1;
    const apart = last > 1 && random.isTrue(0.35) ? this.#subgraphs.slice(last) : [];
    this.#apart = new Set(apart);
  }

  make(): RandomGraph {
    const random = this.#random;
    const entities = ['E0', 'E1', 'E2', 'E3'].slice(0, 2 + random.below(3));
    for (const name of entities) this.#addEntity(name);
    if (random.isTrue(0.5)) this.#addValue('V');
    this.#addAbstracts(entities);
    for (const name of entities) this.#addScalars(name);
    for (const name of entities) this.#addReferences(name);
    for (const { kind, members, common, name } of this.#abstracts.values()) {
      if (kind === 'interface') this.#addCommon(name, members, common);
    }
    const rounds = 1 + random.below(3);
    for (let round = 0; round < rounds; round += 1) {
      for (const type of this.#types.values()) if (type.kind !== 'value') this.#addComputed(type);
    }
    return {
      subgraphs: this.#subgraphs,
      types: this.#types,
      abstracts: this.#abstracts,
      roots: this.#roots(entities),
    };
  }

  #addEntity(name: string): void {
    const random = this.#random;
    const keys = this.#apart.size > 0 ? [['id']] : random.pick(keyChoices);
    this.#keys.set(name, keys);
    this.#types.set(name, { name, kind: 'entity', fields: [], homes: new Map() });
    const homes = this.#subgraphs.filter((graph) => !this.#apart.has(graph));
    for (const graph of random.shuffle(homes).slice(0, 1 + random.below(homes.length))) {
      this.#settle(name, graph);
    }
  }

  #addValue(name: string): void {
    const fields = ['v0', 'v1'].map((field): RandomField => {
      return { kind: 'scalar', name: field, type: 'Int', owners: this.#subgraphs };
    });
    const homes = new Map(this.#subgraphs.map((graph) => [graph, []]));
    this.#types.set(name, { name, kind: 'value', fields, homes });
  }

  #addAbstracts(entities: readonly string[]): void {
    const random = this.#random;
    const some = (): readonly string[] => random.shuffle(entities).slice(0, 2).toSorted();
    const hasKey = this.#apart.size > 0;
    if (hasKey || random.isTrue(0.6)) {
      const members = hasKey ? entities.slice(0, 2) : some();
      this.#abstracts.set('I', { name: 'I', kind: 'interface', members, common: [], hasKey });
      const home = random.pick(this.#subgraphs.filter((graph) => !this.#apart.has(graph)));
      for (const member of members) this.#settle(member, home);
    }
    if (random.isTrue(0.4)) {
      const union = { name: 'U', kind: 'union', members: some() } as const;
      this.#abstracts.set('U', { ...union, common: [], hasKey: false });
    }
    for (const graph of this.#apart) {
      const name = `${graph}I`;
      const homes = new Map([[graph, [['id']]]]);
      this.#types.set(name, { name, kind: 'interface object', fields: [], homes });
    }
  }

  /** Makes a type known in a subgraph, with some of its keys. */
  #settle(name: string, graph: string): boolean {
    const abstract = this.#abstracts.get(name);
    if (abstract?.hasKey === true && this.#apart.has(graph)) return true;
    if (abstract !== undefined) {
      return abstract.members.every((member) => this.#settle(member, graph));
    }
    const type = this.#types.get(name);
    if (type === undefined || this.#apart.has(graph)) return type?.kind === 'value';
    if (type.homes.has(graph)) return true;
    const keys = this.#keys.get(name) ?? [];
    const some = this.#random.shuffle(keys).slice(0, 1 + this.#random.below(keys.length));
    type.homes.set(graph, some);
    return true;
  }

  #nameFor(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }

  #addScalars(typeName: string): void {
    const random = this.#random;
    const type = this.#types.get(typeName);
    if (type === undefined) return;
    const homes = [...type.homes.keys()];
    const count = 2 + random.below(3);
    for (let index = 0; index < count; index += 1) {
      const owners = random.shuffle(homes).slice(0, random.isTrue(0.25) ? 2 : 1);
      const left = homes.filter((graph) => !owners.includes(graph));
      const isTaken = owners.length === 1 && left.length > 0 && random.isTrue(0.1);
      const name = this.#nameFor('s');
      const field = { kind: 'scalar', name, type: random.pick(scalarTypes), owners } as const;
      type.fields.push(isTaken ? { ...field, takenFrom: random.pick(left) } : field);
    }
  }

  #addReferences(typeName: string): void {
    const random = this.#random;
    const type = this.#types.get(typeName);
    if (type === undefined) return;
    const values = [...this.#types.values()].filter(({ kind }) => kind !== 'interface object');
    const targets = [...values.map(({ name }) => name), ...this.#abstracts.keys()];
    const count = 1 + random.below(2);
    for (let index = 0; index < count; index += 1) {
      const target = random.pick(targets);
      const owner = random.pick([...type.homes.keys()]);
      if (!this.#settle(target, owner)) continue;
      const field = {
        kind: 'reference',
        name: this.#nameFor('r'),
        target,
        isList: random.isTrue(0.4),
        owners: [owner],
      } as const;
      const provided = random.isTrue(0.3) ? this.#providable(target, owner) : undefined;
      type.fields.push(provided === undefined ? field : { ...field, provides: provided });
    }
  }

  #providable(target: string, owner: string): string | undefined {
    const fields = (this.#types.get(target)?.fields ?? []).filter(
      (field) =>
        field.kind === 'scalar' &&
        field.takenFrom === undefined &&
        !field.owners.includes(owner) &&
        this.#types.get(target)?.kind === 'entity',
    );
    return fields.length === 0 ? undefined : this.#random.pick(fields).name;
  }

  #addCommon(name: string, members: readonly string[], common: string[]): void {
    const field = `${name.toLowerCase()}Common`;
    common.push(field);
    const shared = this.#subgraphs.filter((graph) => this.#isKnown(name, graph));
    const together = shared.filter((graph) => !this.#apart.has(graph));
    const isTogether = this.#apart.size > 0 || this.#random.isTrue(0.6);
    const home = isTogether ? this.#random.pick(together) : undefined;
    for (const member of members) {
      const type = this.#types.get(member);
      const owner = home ?? (type && this.#random.pick([...type.homes.keys()]));
      if (type === undefined || owner === undefined) continue;
      type.fields.push({ kind: 'scalar', name: field, type: 'String', owners: [owner] });
    }
  }

  #addComputed(type: RandomType): void {
    const random = this.#random;
    if (!random.isTrue(0.8)) return;
    const owner = random.pick([...type.homes.keys()]);
    const requires = this.#required(type, owner, 1);
    if (requires.length === 0) return;
    const name = this.#nameFor('c');
    type.fields.push({ kind: 'computed', name, owners: [owner], requires });
  }

  #required(type: RandomType, owner: string, levels: number): readonly Required[] {
    const random = this.#random;
    const candidates = this.#requirable(type, owner).filter(
      (field) => field.kind !== 'reference' || levels > 0,
    );
    // What is computed comes last, and is what is worth requiring.
    const chosen = random.isTrue(0.5)
      ? candidates.slice(-1 - random.below(2))
      : random.shuffle(candidates).slice(0, 1 + random.below(3));
    return chosen.flatMap((field): readonly Required[] => {
      if (field.kind !== 'reference') return [{ field: field.name }];
      const below = this.#requiredBelow(field.target, owner, levels - 1);
      return below.length === 0 ? [] : [{ field: field.name, below }];
    });
  }

  #requirable(type: RandomType, owner: string): readonly RandomField[] {
    const added = [...this.#types.values()].filter(
      ({ kind }) =>
        kind === 'interface object' && this.#abstracts.get('I')?.members.includes(type.name),
    );
    const interfaceFields = (this.#abstracts.get('I')?.common ?? []).map((name): RandomField => {
      return { kind: 'scalar', name, type: 'String', owners: [] };
    });
    const own =
      type.kind === 'interface object' ? [...interfaceFields, ...type.fields] : type.fields;
    return [...added.flatMap(({ fields }) => fields), ...own].filter(
      (field) =>
        !field.owners.includes(owner) && !('takenFrom' in field && field.takenFrom === owner),
    );
  }

  #requiredBelow(target: string, owner: string, levels: number): readonly Required[] {
    const random = this.#random;
    if (!this.#settle(target, owner)) return [];
    const abstract = this.#abstracts.get(target);
    const type = this.#types.get(target);
    if (type?.kind === 'value') return [{ field: 'v0' }];
    if (type !== undefined) return this.#required(type, owner, levels);
    if (abstract === undefined || this.#apart.has(owner)) return [];
    if (abstract.common.length > 0 && random.isTrue(0.5)) {
      return abstract.common.map((field) => ({ field }));
    }
    return abstract.members.flatMap((on) => {
      const member = this.#types.get(on);
      return member === undefined || random.isTrue(0.3)
        ? []
        : this.#required(member, owner, levels).map((required) => ({ ...required, on }));
    });
  }

  #roots(entities: readonly string[]): readonly RandomRoot[] {
    const random = this.#random;
    const targets = [...entities, ...this.#abstracts.keys()];
    return this.#subgraphs.flatMap((owner) =>
      targets
        .filter((target) => this.#isKnown(target, owner) && random.isTrue(0.8))
        .map((target) => ({
          name: `${owner}${target}`,
          owner,
          target,
          isList: random.isTrue(0.6),
        })),
    );
  }

  #isKnown(target: string, graph: string): boolean {
    const abstract = this.#abstracts.get(target);
    if (abstract?.hasKey === true && this.#apart.has(graph)) return true;
    const names = abstract?.members ?? [target];
    return names.every((name) => this.#types.get(name)?.homes.has(graph) === true);
  }
}
