import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { customerRevenue } from './example-query.ts';

const subgraphs = fileURLToPath(new URL('../subgraphs', import.meta.url));

describe('customerRevenue', () => {
  it('asks each of the four domains for a field that it declares', () => {
    const asked = new Set<string>();
    visit(parse(customerRevenue.query), {
      Field: (field) => {
        asked.add(field.name.value);
      },
    });
    const domains = ['identity', 'sales', 'support', 'billing'];
    const declared = new Map(domains.map((name) => [name, fieldsOf(name)]));
    const known = new Set([...declared.values()].flat());
    expect([...asked].filter((name) => !known.has(name))).toEqual([]);
    for (const [domain, fields] of declared) {
      const own = fields.filter((field) => asked.has(field) && field !== 'id');
      expect(own, domain).not.toEqual([]);
    }
  });

  it('fits the editor of a small screen without scrolling', () => {
    const lines = customerRevenue.query.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(28);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
  });
});

function fieldsOf(domain: string): string[] {
  const fields: string[] = [];
  visit(parse(readFileSync(`${subgraphs}/${domain}/schema.graphql`, 'utf8')), {
    FieldDefinition: (field) => {
      fields.push(field.name.value);
    },
  });
  return fields;
}
