import pluralize from 'pluralize';
import type { DerivedDefinition } from './derived-types.ts';
import { onAnswer, onQuestion, type EntitySource } from './entity-source.ts';
import { figureShapes, type FigureShape } from './figure-kinds.ts';
import { conditionName, figureNames, rowOrderName } from './names.ts';
import { inputType, objectType, type Typed } from './sdl-nodes.ts';

/** Figures of an entity's fields and of its neighbours', conditions on them and orders by them. */
export function figureDefinitions(source: EntitySource): readonly DerivedDefinition[] {
  return figureShapes.flatMap((shape) => [
    figures(source, shape),
    ...(shape.comparedAs === undefined
      ? []
      : [figuresCondition(source, shape, shape.comparedAs), figuresOrder(source, shape)]),
  ]);
}

function figures(source: EntitySource, shape: FigureShape): DerivedDefinition {
  const { entity } = source.names;
  return objectType(
    {
      name: figureNames(entity, shape.kind).output,
      description: `Figures of ${pluralize(entity)}: ${shape.noun} of their fields.`,
      directives: source.onOutputs,
    },
    [
      ...source.fields
        .filter(({ wireType }) => shape.isOf(wireType))
        .map((field) => ({
          ...onAnswer(field),
          type: shape.outputType(field.wireType, field.type),
        })),
      ...source.toOne.map((relation) => ({
        ...onAnswer(relation),
        type: `${figureNames(relation.target.entity, shape.kind).output}!`,
      })),
    ],
  );
}

function figuresCondition(
  source: EntitySource,
  shape: FigureShape,
  comparedAs: NonNullable<FigureShape['comparedAs']>,
): DerivedDefinition {
  const { entity } = source.names;
  return inputType(
    {
      name: figureNames(entity, shape.kind).condition,
      description: `A condition on ${shape.noun} of fields of ${pluralize(entity)}; all that it says has to hold.`,
      directives: source.onInputs,
    },
    [
      ...source.fields
        .filter(({ wireType }) => shape.isOf(wireType))
        .map((field) => ({
          ...onQuestion(field),
          type: conditionName(comparedAs(field.wireType)),
        })),
      ...source.toOne.map((relation) => ({
        ...onQuestion(relation),
        type: figureNames(relation.target.entity, shape.kind).condition,
      })),
    ],
  );
}

function figuresOrder(source: EntitySource, shape: FigureShape): DerivedDefinition {
  const { entity } = source.names;
  return inputType(
    {
      name: figureNames(entity, shape.kind).order,
      description: `Which of the ${shape.noun} of fields of ${pluralize(entity)} to sort by; exactly one.`,
      directives: source.onInputs,
    },
    [
      ...source.fields
        .filter(({ wireType }) => shape.isOf(wireType))
        .map((field) => ({ ...onQuestion(field), type: rowOrderName })),
      ...source.toOne.map((relation) => ({
        ...onQuestion(relation),
        type: figureNames(relation.target.entity, shape.kind).order,
      })),
    ],
  );
}

/** The fields `count`, `sum`, … of an input about an entity's figures. */
export function measureInputs(entityName: string, of: 'condition' | 'order'): readonly Typed[] {
  return [
    {
      name: 'count',
      type: of === 'condition' ? 'IntCondition' : rowOrderName,
      description: 'How many rows there are.',
    },
    ...figureShapes
      .filter(({ comparedAs }) => comparedAs !== undefined)
      .flatMap(({ kind, measures }) =>
        measures.map((measure) => ({ ...measure, type: figureNames(entityName, kind)[of] })),
      ),
  ];
}
