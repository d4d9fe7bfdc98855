import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type ASTNode,
  type FieldNode,
  type SelectionNode,
  type VariableDefinitionNode,
} from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { variablesIn } from '../../hub/compile/variables-in.ts';
import { writtenOut } from '../plan/written-out.ts';

/** A fetch of entities that can be asked for in groups, each with values of its own for some variables. */
export interface GroupedFetch {
  /** The response keys under which its entities come. */
  readonly keys: readonly string[];
  /** The variables with its representations. */
  readonly lists: readonly string[];
  /** What a response key or variable is called in a group, which is counted from 0. */
  readonly nameIn: (name: string, group: number) => string;
  readonly queryFor: (groups: number) => string;
}

/** @param varied names of the variables that each group has for itself */
export function compileGroupedFetch(query: string, varied: readonly string[]): GroupedFetch {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('A plan has a fetch without an operation.');
  const fragments = fragmentsOf(document);
  const selected = writtenOut(operation.selectionSet, fragments).selections.filter(isField);
  const lists = [...variablesIn(selected.flatMap(({ arguments: given = [] }) => given))];
  const own = new Set([...lists, ...varied]);
  const { variableDefinitions = [], directives = [], name } = operation;
  const isOwn = ({ variable }: VariableDefinitionNode): boolean => own.has(variable.name.value);
  const end = groupMark(query);
  const text = (node: ASTNode): string => stripIgnoredCharacters(print(node));
  const ofGroup = variableDefinitions.filter(isOwn).map((node) => text(withEnds(node, own, end)));
  const ofAll = variableDefinitions.filter((node) => !isOwn(node)).map(text);
  const fields = selected.map((field) => text(withEnds(withAlias(field, end), own, end))).join(' ');
  const head = `query ${name?.value ?? ''}`;
  const asked = directives.map(text).join(' ');
  const ending = (group: number): string => (group === 0 ? '' : `${end}${group}`);
  const inGroup = (part: string, group: number): string => part.replaceAll(end, ending(group));
  return {
    keys: selected.map(responseKey),
    lists,
    nameIn: (key, group) => `${key}${ending(group)}`,
    queryFor(count) {
      const groups = Array.from({ length: count }, (_, group) => group);
      const definitions = groups.flatMap((group) => ofGroup.map((part) => inGroup(part, group)));
      const body = groups.map((group) => inGroup(fields, group)).join(' ');
      const given = [...definitions, ...ofAll].join(' ');
      return `${head}(${given})${asked}{${body}}`;
    },
  };
}

function withEnds<Node extends FieldNode | VariableDefinitionNode>(
  node: Node,
  names: ReadonlySet<string>,
  end: string,
): Node {
  return visit(node, {
    Variable: (variable) => {
      const { value } = variable.name;
      if (!names.has(value)) return undefined;
      return { ...variable, name: { kind: Kind.NAME, value: `${value}${end}` } };
    },
  });
}

function withAlias(field: FieldNode, end: string): FieldNode {
  return { ...field, alias: { kind: Kind.NAME, value: `${responseKey(field)}${end}` } };
}

function responseKey({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function isField(selection: SelectionNode): selection is FieldNode {
  return selection.kind === Kind.FIELD;
}

/** Ends the names of a group, with its number behind. It is nowhere in the query, and begins with what it has only once. */
function groupMark(query: string): string {
  let mark = 'OfGroup';
  while (query.includes(mark)) mark += 'p';
  return mark;
}
