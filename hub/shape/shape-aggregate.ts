import { raise } from '../../foundation/errors/tributary-error.ts';
import type { LakeValue } from '../../lake/sql.ts';
import type { WireType } from '../../mapping/model.ts';
import { compileWireWriter } from '../../wire/to-wire.ts';
import type {
  AggregateMember,
  AggregateSelection,
  FigureMember,
  KeyMember,
} from '../compile/intermediate-form.ts';
import type { GroupKey } from '../question/grouping.ts';
import { measureType } from '../question/measure-type.ts';
import type { Measure } from '../question/measure.ts';
import { measureText, pathText } from '../question/path-text.ts';
import { groupedText } from '../question/read-group-order.ts';
import { readQuantiles } from '../question/read-quantiles.ts';
import { objectMaker } from './new-object.ts';
import type { Path } from './path.ts';
import { reportError, type ShapeContext } from './shape-context.ts';

/** How groups become JSON, and what has to be known of them for it. */
export interface AggregateShape {
  /** All different. A group's values are those of the keys, then those of the measures. */
  readonly measures: readonly Measure[];
  /** @throws TributaryError for a number of rows or values that no Int can hold */
  readonly shape: GroupShaper<Record<string, unknown>>;
}

/** Makes something of the values of one group. */
type GroupShaper<Made> = (group: readonly LakeValue[], path: Path, context: ShapeContext) => Made;

interface AggregateShapeOptions {
  /** What is grouped by. */
  readonly keys: readonly GroupKey[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** The field, for errors: `customersAggregate`. */
  readonly field: string;
}

/**
 * Prepares the making of answers for a selection in one request.
 *
 * @throws AGGREGATE_KEY_NOT_GROUPED, AGGREGATE_TOO_WIDE, QUANTILES_INVALID
 */
export function shapeOfAggregate(
  { members }: AggregateSelection,
  options: AggregateShapeOptions,
): AggregateShape {
  const values = new GroupValues(options);
  const shape = shapeObject(members, (member) => shapeMember(member, values));
  return { measures: values.measures(), shape };
}

/** Each is made of all rows. */
const mostFigures = 200;

/** Where the values of a group stand. */
class GroupValues {
  readonly options: AggregateShapeOptions;
  readonly #measures: Measure[] = [];
  readonly #positions = new Map<string, number>();

  constructor(options: AggregateShapeOptions) {
    this.options = options;
  }

  measures(): readonly Measure[] {
    return this.#measures;
  }

  ofMeasure(measure: Measure): number {
    const text = measureText(measure);
    const known = this.#positions.get(text);
    if (known !== undefined) return known;
    const count = this.#measures.push(measure);
    if (count > mostFigures) {
      const { field } = this.options;
      throw raise('AGGREGATE_TOO_WIDE', { field, count, limit: mostFigures });
    }
    const position = this.options.keys.length + count - 1;
    this.#positions.set(text, position);
    return position;
  }

  ofKey(key: string): number {
    const { keys, field } = this.options;
    const position = keys.findIndex(({ path }) => pathText(path) === key);
    if (position !== -1) return position;
    throw raise('AGGREGATE_KEY_NOT_GROUPED', { field, key, grouped: groupedText(keys) });
  }
}

function shapeObject<Member extends { readonly responseKey: string }>(
  members: readonly Member[],
  shaperOf: (member: Member) => GroupShaper<unknown>,
): GroupShaper<Record<string, unknown>> {
  const shapers = members.map((member) => ({ key: member.responseKey, shape: shaperOf(member) }));
  const newObject = objectMaker(members);
  return (group, path, context) => {
    const object = newObject();
    for (const { key, shape } of shapers)
      object[key] = shape(group, { previous: path, key }, context);
    return object;
  };
}

function shapeMember(member: AggregateMember, values: GroupValues): GroupShaper<unknown> {
  switch (member.kind) {
    case 'typename':
      return () => member.typeName;
    case 'count':
      return shapeCount({ kind: 'count' }, values);
    case 'keys':
      if (values.options.keys.length === 0) return () => null;
      return shapeObject(member.members, (key) => shapeKey(key, values));
    case 'figures':
      return shapeObject(member.members, (figure) => shapeFigure(figure, values));
  }
}

function shapeKey(member: KeyMember, values: GroupValues): GroupShaper<unknown> {
  switch (member.kind) {
    case 'typename':
      return () => member.typeName;
    case 'key': {
      const { path } = member;
      return shapeValue(values.ofKey(pathText(path)), path.source.field.wireType);
    }
    case 'neighbour':
      return shapeObject(member.members, (key) => shapeKey(key, values));
  }
}

function shapeFigure(member: FigureMember, values: GroupValues): GroupShaper<unknown> {
  switch (member.kind) {
    case 'typename':
      return () => member.typeName;
    case 'figure': {
      const { measure } = member;
      return measure.kind === 'countDistinct'
        ? shapeCount(measure, values)
        : shapeValue(values.ofMeasure(measure), measureType(measure).wireType);
    }
    case 'quantiles':
      return shapeQuantiles(member, values);
    case 'neighbour':
      return shapeObject(member.members, (figure) => shapeFigure(figure, values));
  }
}

/** Counts are never null, so one that cannot be written is an error of the whole aggregate. */
function shapeCount(measure: Measure, values: GroupValues): GroupShaper<unknown> {
  const position = values.ofMeasure(measure);
  const write = compileWireWriter(measureType(measure).wireType);
  return (group, _, { wire }) => write(group[position] ?? 0, wire);
}

/** A value that cannot be written is null, with an error in its place. */
function shapeValue(position: number, type: WireType): GroupShaper<unknown> {
  const write = compileWireWriter(type);
  return (group, path, context) => {
    try {
      return write(group[position], context.wire);
    } catch (error) {
      reportError(context, error, path);
      return null;
    }
  };
}

function shapeQuantiles(
  { of, arguments: asked }: FigureMember & { readonly kind: 'quantiles' },
  values: GroupValues,
): GroupShaper<unknown> {
  const { variables, field } = values.options;
  const items = readQuantiles(asked.read(variables), field).map((at) => {
    const measure: Measure = { kind: 'quantile', of, at };
    return shapeValue(values.ofMeasure(measure), measureType(measure).wireType);
  });
  // Over no values there is no list, and only a figure tells that there are none.
  const extreme = items.length === 0 ? values.ofMeasure({ kind: 'min', of }) : undefined;
  return (group, path, context) => {
    if (extreme !== undefined && (group[extreme] ?? null) === null) return null;
    const list = items.map((shape, key) => shape(group, { previous: path, key }, context));
    return list.includes(null) ? null : list;
  };
}
