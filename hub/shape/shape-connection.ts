import type {
  ConnectionMember,
  ConnectionSelection,
  EdgeMember,
  EntitySelection,
  PageInfoMember,
} from '../compile/intermediate-form.ts';
import type { FetchedPage } from '../execute/fetched-rows.ts';
import type { Path } from './path.ts';
import { objectMaker } from './new-object.ts';
import type { ShapeContext } from './shape-context.ts';
import type { EntityShaper } from './shape-entity.ts';

/** Where a page becomes JSON; null when a null spread up to it. */
export type ConnectionShaper = (
  page: FetchedPage,
  path: Path,
  context: ShapeContext,
) => Record<string, unknown> | null;

type Nodes = (selection: EntitySelection) => EntityShaper;

/** Writes a value for one member; undefined when it is null and must not be. */
type MemberShaper = (page: FetchedPage, path: Path, context: ShapeContext) => unknown;

export function compileConnectionShaper(
  connection: ConnectionSelection,
  nodes: Nodes,
): ConnectionShaper {
  const members = connection.map((member) => ({
    key: member.responseKey,
    shape: compileMember(member, nodes),
  }));
  const newObject = objectMaker(connection);
  return (page, path, context) => {
    const shaped = newObject();
    for (const { key, shape } of members) {
      const value = shape(page, { previous: path, key }, context);
      if (value === undefined) return null;
      shaped[key] = value;
    }
    return shaped;
  };
}

function compileMember(member: ConnectionMember, nodes: Nodes): MemberShaper {
  switch (member.kind) {
    case 'typename':
      return () => member.typeName;
    case 'totalCount':
      return ({ totalCount }) => totalCount;
    case 'pageInfo':
      return (page) => shapePageInfo(member.members, page);
    case 'nodes': {
      const shape = nodes(member.selection);
      return (page, path, context) =>
        page.nodes ??
        wholeList(page, path, (row, here) => shape(page.rows, row, here, context) ?? undefined);
    }
    case 'edges': {
      const shape = compileEdge(member.members, nodes);
      return (page, path, context) =>
        wholeList(page, path, (row, here) => shape(page, row, here, context));
    }
  }
}

type EdgeShaper = (page: FetchedPage, row: number, path: Path, context: ShapeContext) => unknown;

function compileEdge(members: readonly EdgeMember[], nodes: Nodes): EdgeShaper {
  const compiled = members.map((member) => ({
    key: member.responseKey,
    shape: compileEdgeMember(member, nodes),
  }));
  const newObject = objectMaker(members);
  return (page, row, path, context) => {
    const edge = newObject();
    for (const { key, shape } of compiled) {
      const value = shape(page, row, { previous: path, key }, context);
      if (value === undefined) return undefined;
      edge[key] = value;
    }
    return edge;
  };
}

function compileEdgeMember(member: EdgeMember, nodes: Nodes): EdgeShaper {
  switch (member.kind) {
    case 'typename':
      return () => member.typeName;
    case 'cursor':
      return (page, row) => page.cursorOf(row);
    case 'rank':
      return (page, row) => page.rankOf(row);
    case 'node': {
      const shape = nodes(member.selection);
      return (page, row, path, context) => shape(page.rows, row, path, context) ?? undefined;
    }
  }
}

function shapePageInfo(
  members: readonly PageInfoMember[],
  { rowNumbers, hasNextPage, hasPreviousPage, cursorOf }: FetchedPage,
): Record<string, unknown> {
  const [first] = rowNumbers;
  const last = rowNumbers.at(-1);
  const info = objectMaker(members)();
  for (const { kind, responseKey, ...rest } of members) {
    switch (kind) {
      case 'typename':
        info[responseKey] = 'typeName' in rest ? rest.typeName : null;
        break;
      case 'hasNextPage':
        info[responseKey] = hasNextPage;
        break;
      case 'hasPreviousPage':
        info[responseKey] = hasPreviousPage;
        break;
      case 'startCursor':
        info[responseKey] = first === undefined ? null : cursorOf(first);
        break;
      case 'endCursor':
        info[responseKey] = last === undefined ? null : cursorOf(last);
        break;
    }
  }
  return info;
}

/** All items, or undefined when one of them came out as null: the lists of a connection hold no nulls. */
function wholeList(
  { rowNumbers }: FetchedPage,
  path: Path,
  item: (row: number, path: Path) => unknown,
): readonly unknown[] | undefined {
  const items = rowNumbers.map((row, index) => item(row, { previous: path, key: index }));
  return items.includes(undefined) ? undefined : items;
}
