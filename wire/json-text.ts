import { randomUUID } from 'node:crypto';
import { isJsonObject, mapMembers } from '../foundation/json-object.ts';

/** A value that is JSON text already, and goes into an answer as it is: UTF-8, never made a string on the way. */
export class JsonText {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** For whoever writes it with `JSON.stringify`. */
  toJSON(): unknown {
    return JSON.parse(Buffer.from(this.bytes).toString('utf8'));
  }
}

/** Keeps the texts of one answer while the rest of it is written. */
export class JsonTexts {
  // Nobody can guess it, so it is in no other string of the answer.
  readonly #mark = randomUUID();
  readonly #texts: JsonText[] = [];

  /** The data of a GraphQL answer with marks in place of texts, which only fields of root fields may be. */
  take(data: unknown): unknown {
    return mapIn(data, (root) => mapIn(root, (member) => this.#markOf(member)));
  }

  /** What was written of that data, with the texts in place of their marks: pieces to send one after the other. */
  fill(written: string): string | readonly Uint8Array[] {
    if (this.#texts.length === 0) return written;
    const pieces = written.split(`"${this.#mark}"`);
    return pieces.flatMap((piece, index) => {
      const text = this.#texts[index];
      return text === undefined ? [Buffer.from(piece)] : [Buffer.from(piece), text.bytes];
    });
  }

  #markOf(member: unknown): unknown {
    if (!(member instanceof JsonText)) return member;
    this.#texts.push(member);
    return this.#mark;
  }
}

function mapIn(value: unknown, map: (member: unknown) => unknown): unknown {
  return isJsonObject(value) ? mapMembers(value, map) : value;
}
