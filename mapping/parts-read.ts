import type { Entity, LakeType, OwnedField } from './model.ts';
import type { Projection } from './projection.ts';
import { walkExpression } from './walk-expression.ts';

/** A table of a domain, as the lake has it. */
export interface DomainTable {
  readonly domain: string;
  readonly table: string;
}

/**
 * Gathers of which domains' tables an answer is made. Whatever is said of an entity also depends on its identity, by
 * which it exists; so a plain count of rows is made of the identity's table.
 */
export class PartsRead {
  readonly #tables = new Map<string, DomainTable>();

  get tables(): readonly DomainTable[] {
    return [...this.#tables.values()];
  }

  addEntity({ identity }: Entity): void {
    this.addRows(identity);
  }

  addRows({ domain, table }: LakeType): void {
    this.#add(domain, table);
  }

  /** A field that is a figure of another table depends on both: on its own for which row that table's belong to. */
  addField({ owner, field }: OwnedField): void {
    this.addRows(owner);
    for (const inner of walkExpression(field.expression)) {
      if (inner.kind === 'aggregate') this.#add(owner.domain, inner.table);
    }
  }

  /** Columns of rows of a projection; one that is none of its own, such as the number of a row, stands for the rows. */
  addColumns(projection: Projection, names: readonly string[]): void {
    this.addEntity(projection.entity);
    for (const name of names) {
      const column = projection.columns.find((candidate) => candidate.name === name);
      if (column?.kind === 'field') this.addField(column.source);
      else if (column?.kind === 'reference') this.addRows(column.part);
    }
  }

  #add(domain: string, table: string): void {
    this.#tables.set(`${domain}.${table}`, { domain, table });
  }
}
