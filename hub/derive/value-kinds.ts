import type { WireType } from '../../mapping/model.ts';

type Kind = WireType['kind'];

const numbers: readonly Kind[] = ['int', 'float', 'bigInt', 'decimal'];
const texts: readonly Kind[] = ['id', 'string'];
const ordered: readonly Kind[] = [...numbers, 'string', 'dateTime', 'date'];
const calendar: readonly Kind[] = ['dateTime', 'date'];

/** Whether values of the type can be added up. */
export function isNumber({ kind }: WireType): boolean {
  return numbers.includes(kind);
}

/** Whether values of the type stand before or after each other. */
export function isOrdered({ kind }: WireType): boolean {
  return ordered.includes(kind);
}

/** Whether values of the type are looked into as texts. */
export function isText({ kind }: WireType): boolean {
  return texts.includes(kind);
}

/** Whether values of the type lie in a year, a month, a day. */
export function isInCalendar({ kind }: WireType): boolean {
  return calendar.includes(kind);
}
