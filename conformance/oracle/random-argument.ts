import fc from 'fast-check';
import type { Argument, Form } from './argument.ts';

const form: fc.Arbitrary<Form> = fc.oneof(
  { weight: 7, arbitrary: fc.constant('literal' as const) },
  { weight: 3, arbitrary: fc.constant('variable' as const) },
  { weight: 1, arbitrary: fc.constantFrom('default' as const, 'overridden default' as const) },
);

/** A value of a type, given in any way. */
export function value(
  type: string,
  values: fc.Arbitrary<{ readonly literal: string; readonly json: unknown }>,
): fc.Arbitrary<Argument> {
  return fc
    .tuple(values, form)
    .map(([{ literal, json }, form]) => ({ kind: 'value', type, form, literal, json }));
}

export function json(given: string | number | boolean | null): {
  readonly literal: string;
  readonly json: unknown;
} {
  return { literal: JSON.stringify(given), json: given };
}

/** A name of an enum: bare as a literal, a string in JSON. */
export function name(type: string, names: readonly string[]): fc.Arbitrary<Argument> {
  return value(
    type,
    fc.constantFrom(...names).map((each) => ({ literal: each, json: each })),
  );
}

/** The argument, and now and then `null` or a variable that is not sent. */
export function orNothing(type: string, argument: fc.Arbitrary<Argument>): fc.Arbitrary<Argument> {
  return fc.oneof(
    { weight: 30, arbitrary: argument },
    { weight: 1, arbitrary: nothing(type) },
    { weight: 1, arbitrary: absent(type) },
  );
}

export function nothing(type: string): fc.Arbitrary<Argument> {
  return value(type, fc.constant(json(null)));
}

export function absent(type: string): fc.Arbitrary<Argument> {
  return fc.constant({ kind: 'absent', type });
}

export type Member = readonly [name: string, argument: Argument];

/** An object with some of the members, each at most once. */
export function object(
  type: string,
  member: fc.Arbitrary<Member>,
  { least = 0, most = 3 }: { readonly least?: number; readonly most?: number } = {},
): fc.Arbitrary<Argument> {
  const members = mostlyFilled(least, most, (minLength) =>
    fc.uniqueArray(member, { minLength, maxLength: most, selector: ([name]) => name }),
  );
  return fc.tuple(members, form).map(([fields, form]) => ({ kind: 'object', type, form, fields }));
}

export function member(name: string, argument: fc.Arbitrary<Argument>): fc.Arbitrary<Member> {
  return argument.map((each): Member => [name, each]);
}

export function list(
  type: string,
  item: fc.Arbitrary<Argument>,
  { least = 0, most = 3 }: { readonly least?: number; readonly most?: number } = {},
): fc.Arbitrary<Argument> {
  return fc
    .tuple(
      mostlyFilled(least, most, (minLength) => fc.array(item, { minLength, maxLength: most })),
      form,
      fc.boolean(),
    )
    .map(([items, form, isBare]) => ({ kind: 'list', type, form, items, isBare }));
}

/** What is empty says little about what is in it. */
function mostlyFilled<Items>(
  least: number,
  most: number,
  make: (minLength: number) => fc.Arbitrary<Items>,
): fc.Arbitrary<Items> {
  if (least > 0 || most === 0) return make(least);
  return fc.oneof({ weight: 1, arbitrary: make(0) }, { weight: 15, arbitrary: make(1) });
}
