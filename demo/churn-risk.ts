import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where support keeps its schema, below the folder of the project. */
export const supportSchema = 'subgraphs/support/schema.graphql';

/** What support writes, each piece before the line with which the schema goes on. */
const additions = [
  {
    before: '"Somebody who buys from us.',
    lines: [
      '"How likely somebody is to leave us."',
      'enum ChurnRisk {',
      '  LOW',
      '  MEDIUM',
      '  HIGH',
      '}',
      '',
    ],
  },
  {
    before: '}',
    lines: [
      '  "The risk that the customer leaves us: HIGH from 75 tickets on."',
      '  churnRisk: ChurnRisk!',
      '    @column(',
      '      from: """',
      '      case cast(coalesce(lifetime_tickets, 0) / 50 as INTEGER)',
      "        when 0 then 'LOW' when 1 then 'MEDIUM' else 'HIGH' end",
      '      """',
      '      default: "LOW"',
      '    )',
    ],
  },
] as const;

/** A line of the schema as it is to be, and whether it is new. */
export interface SchemaLine {
  readonly number: number;
  readonly text: string;
  readonly isNew: boolean;
}

/**
 * The support domain's schema with `churnRisk` in it.
 * @throws Error when the schema no longer has the places where the field belongs
 */
export function withChurnRisk(schema: string): readonly SchemaLine[] {
  const lines = schema.trimEnd().split('\n');
  const [type, end] = additions;
  const typeAt = lines.findIndex((line) => line.startsWith(type.before));
  const endAt = lines.findIndex((line, index) => index > typeAt && line === end.before);
  if (typeAt < 0 || endAt < 0) throw new Error(`${supportSchema} has no type Customer.`);
  return [
    ...lines.slice(0, typeAt).map((text) => ({ text, isNew: false })),
    ...type.lines.map((text) => ({ text, isNew: true })),
    ...lines.slice(typeAt, endAt).map((text) => ({ text, isNew: false })),
    ...end.lines.map((text) => ({ text, isNew: true })),
    ...lines.slice(endAt).map((text) => ({ text, isNew: false })),
  ].map((line, index) => ({ ...line, number: index + 1 }));
}

export function readSupportSchema(projectDirectory: string): string {
  return readFileSync(join(projectDirectory, supportSchema), 'utf8');
}

/** Saves the file as an editor does: at once, and nothing else. */
export function saveSupportSchema(projectDirectory: string, lines: readonly SchemaLine[]): void {
  const text = lines.map((line) => `${line.text}\n`).join('');
  writeFileSync(join(projectDirectory, supportSchema), text);
}
