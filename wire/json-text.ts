import { randomUUID } from 'node:crypto';

/** A value that is JSON text already, and goes into an answer as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For whoever writes it with `JSON.stringify`. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/**
 * The JSON of a GraphQL answer, in which fields of root fields may be `JsonText`: `data.customers.nodes`. Such text
 * is neither read nor copied more than once, however long it is.
 */
export function stringifyAnswer(answer: { readonly data?: unknown }): string {
  const texts: string[] = [];
  // Nobody can guess it, so it is in no other string of the answer.
  const mark = randomUUID();
  const data = mapMembers(answer.data, (root) =>
    mapMembers(root, (member) => {
      if (!(member instanceof JsonText)) return member;
      texts.push(member.text);
      return mark;
    }),
  );
  if (texts.length === 0) return JSON.stringify(answer);
  const pieces = JSON.stringify({ ...answer, data }).split(`"${mark}"`);
  return pieces.map((piece, index) => piece + (texts[index] ?? '')).join('');
}

/** The object with other members; the object itself when none became another. Anything else stays as it is. */
function mapMembers(value: unknown, map: (member: unknown) => unknown): unknown {
  if (!isPlainObject(value)) return value;
  let isChanged = false;
  const members = Object.entries(value).map(([name, member]) => {
    const other = map(member);
    isChanged ||= other !== member;
    return [name, other] as const;
  });
  return isChanged ? Object.fromEntries(members) : value;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
