import { raise } from '../../foundation/errors/tributary-error.ts';
import { identifier, join, sql, table, type Sql } from '../../lake/sql.ts';
import type { OwnedRelation } from '../../mapping/model.ts';
import { fieldColumn, type Projection } from '../../mapping/projection.ts';
import type { FieldPath } from '../question/field-path.ts';
import type { Projections } from './projections.ts';
import { relationEnds } from './relation-ends.ts';

/** Each step is a join of its own. */
const longestWay = 8;

/**
 * The rows of a projection under an alias, with the neighbours that fields of relations to one made it join. A
 * neighbour is found by its key, so a join never changes how many rows there are.
 */
export class Source {
  readonly projection: Projection;
  readonly alias: string;
  readonly #projections: Projections;
  readonly #aliases: AliasNumbers;
  readonly #neighbours = new Map<OwnedRelation, Source>();
  readonly #found: Sql | undefined;
  #distance = 0;

  private constructor(
    projection: Projection,
    projections: Projections,
    aliases: AliasNumbers,
    found?: { readonly alias: string; readonly condition: Sql },
  ) {
    this.projection = projection;
    this.#projections = projections;
    this.#aliases = aliases;
    this.#found = found?.condition;
    this.alias = found?.alias ?? nextAlias(aliases);
    projections.partsRead?.addEntity(projection.entity);
  }

  /** The rows that a statement is about. */
  static of(projection: Projection, projections: Projections): Source {
    return new Source(projection, projections, { next: 0 });
  }

  /** The rows at the other end of a relation, for a query within this one. */
  related(relation: OwnedRelation): RelatedRows {
    const source = this.#open(relation);
    const ends = relationEnds(relation, this.projection, this.#projections);
    return {
      source,
      isOwn: this.#isSame(relation, source),
      parentEnd: this.columns(ends.parent),
      childEnd: source.columns(ends.child),
    };
  }

  /** The same rows once more, to look them up by their key. */
  again(): Source {
    return new Source(this.projection, this.#projections, this.#aliases);
  }

  /** The same source, of whose rows those that meet a condition are found before anything else is asked of them. */
  foundFirst(condition: Sql): Source {
    const found = { alias: this.alias, condition };
    return new Source(this.projection, this.#projections, this.#aliases, found);
  }

  /** Every column of a statement comes from here, so here it is known what is read. */
  column(name: string): Sql {
    this.#projections.partsRead?.addColumns(this.projection, [name]);
    return identifier(this.alias, name);
  }

  columns(names: readonly string[]): readonly Sql[] {
    return names.map((name) => this.column(name));
  }

  key(): readonly Sql[] {
    return this.columns(this.projection.key);
  }

  /** The value at the end of a path; what is on the way is joined. */
  field({ via, entity, source }: FieldPath): Sql {
    return this.at(via).column(fieldColumn(entity, source.field.name));
  }

  /** Whether rows are found by the value at the end of a path, rather than looked at one by one. */
  isIndexed({ via, entity, source }: FieldPath): boolean {
    const { key, indexes } = this.projection;
    const name = fieldColumn(entity, source.field.name);
    const isAlone = (columns: readonly string[]): boolean =>
      columns.length === 1 && columns[0] === name;
    return via.length === 0 && [key, ...indexes].some(isAlone);
  }

  /** The neighbour at the end of relations to one. */
  at(via: readonly OwnedRelation[]): Source {
    const [relation, ...rest] = via;
    if (relation === undefined) return this;
    const neighbour = this.#neighbours.get(relation) ?? this.#openNeighbour(relation);
    this.#neighbours.set(relation, neighbour);
    return neighbour.at(rest);
  }

  /** What stands after FROM; to be asked for when all fields were. */
  from(): Sql {
    const alias = identifier(this.alias);
    const rows = sql`${this.#table()} AS ${alias}`;
    const own =
      this.#found === undefined
        ? rows
        : sql`(WITH found AS MATERIALIZED (SELECT * FROM ${rows} WHERE ${this.#found}) SELECT * FROM found) AS ${alias}`;
    return join([own, ...this.#joins()], ' ');
  }

  #joins(): readonly Sql[] {
    return [...this.#neighbours].flatMap(([relation, neighbour]) => [
      sql`LEFT JOIN ${neighbour.#table()} AS ${identifier(neighbour.alias)} ON ${this.#isSame(relation, neighbour)}`,
      ...neighbour.#joins(),
    ]);
  }

  #isSame(relation: OwnedRelation, other: Source): Sql {
    const ends = relationEnds(relation, this.projection, this.#projections);
    const equalities = ends.child.map(
      (column, position) =>
        sql`${other.column(column)} = ${this.column(ends.parent[position] ?? '')}`,
    );
    return join(equalities, ' AND ');
  }

  #openNeighbour(relation: OwnedRelation): Source {
    if (this.#distance >= longestWay) throw raise('RELATION_PATH_TOO_LONG', { limit: longestWay });
    const neighbour = this.#open(relation);
    neighbour.#distance = this.#distance + 1;
    return neighbour;
  }

  #open(relation: OwnedRelation): Source {
    const { target } = relation.relation;
    const projection = this.#projections.get(target);
    if (projection === undefined) throw new Error(`There is no projection of ${target}`);
    return new Source(projection, this.#projections, this.#aliases);
  }

  #table(): Sql {
    return table('hub', this.projection.table);
  }
}

/** Rows that a relation leads to, and how they are tied to the row that it starts from. */
export interface RelatedRows {
  readonly source: Source;
  /** Says which of them belong to the row; it makes the query within a correlated one. */
  readonly isOwn: Sql;
  /** What the row has in common with its related rows, */
  readonly parentEnd: readonly Sql[];
  /** and the same, in the same order, as these have it. */
  readonly childEnd: readonly Sql[];
}

function nextAlias(aliases: AliasNumbers): string {
  const number = aliases.next++;
  return number === 0 ? 't' : `t${number}`;
}

/** Shared by all sources of a statement, so that no two have the same alias. */
interface AliasNumbers {
  next: number;
}
