import { randomUUID } from 'node:crypto';
import { isJsonObject, mapMembers } from '../foundation/json-object.ts';
import { replaceInexact } from './exact-json.ts';

/**
 * Numbers that no double has, of one request or of what belongs to one connection. On their way through the gateway strings stand for them, which nobody can
 * guess; where JSON is written, the digits take their places again.
 */
export class ExactNumbers {
  #mark: string | undefined;

  /** JSON with strings in place of its numbers that no double has. */
  mark(json: string): string {
    return replaceInexact(json, (digits) => `${(this.#mark ??= randomUUID())} ${digits}`);
  }

  /**
   * What JSON says, with strings for its numbers that no double has.
   * @throws SyntaxError
   */
  read(json: string): unknown {
    return JSON.parse(this.mark(json)) as unknown;
  }

  /** The digits that a value stands for; undefined for any other value. */
  digitsOf(value: unknown): string | undefined {
    if (this.#mark === undefined || typeof value !== 'string') return undefined;
    return value.startsWith(this.#mark) ? value.slice(this.#mark.length + 1) : undefined;
  }

  /** JSON with digits in place of what stands for them, in texts as well. */
  write(json: string): string {
    if (this.#mark === undefined) return json;
    const numbers = new RegExp(`"${this.#mark} ([\\d.eE+-]+)"`, 'g');
    return json.replaceAll(numbers, '$1').replaceAll(`${this.#mark} `, '');
  }

  /** A value for whoever takes many digits as text. */
  asText(value: unknown): unknown {
    if (this.#mark === undefined) return value;
    if (Array.isArray(value)) return value.map((item: unknown) => this.asText(item));
    if (!isJsonObject(value)) return this.digitsOf(value) ?? value;
    return mapMembers(value, (member) => this.asText(member));
  }
}
