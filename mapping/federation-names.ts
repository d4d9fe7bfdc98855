import {
  Kind,
  visit,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
} from 'graphql';

interface FederationLink {
  readonly node: ConstDirectiveNode;
  readonly namespace: string;
  /** Own name of an imported directive by the name that the schema gives it. */
  readonly aliases: ReadonlyMap<string, string>;
}

/**
 * The schema with the directives of federation under their own names, whatever its `@link` calls them: nothing that
 * reads a schema has to know that `@federation__key` or an imported `@primaryKey` is `@key`. Places stay as written.
 *
 * @see https://specs.apollo.dev/link/v1.0/#Import
 */
export function useFederationNames(document: DocumentNode): DocumentNode {
  const link = findFederationLink(document);
  if (link === undefined) return document;
  const renamed = new Set<string>();
  const result: DocumentNode = visit(document, {
    Directive(node) {
      const name = ownName(node.name.value, link);
      if (name === node.name.value) return undefined;
      renamed.add(name);
      return { ...node, name: { ...node.name, value: name } };
    },
  });
  if (renamed.size === 0) return document;
  return visit(result, {
    Directive: (node) =>
      node === link.node ? withImports(link.node, renamed, link.aliases) : undefined,
  });
}

function findFederationLink(document: DocumentNode): FederationLink | undefined {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION)
      continue;
    const node = definition.directives?.find(
      (directive) =>
        directive.name.value === 'link' &&
        /\/federation\/v\d/.test(textOf(argument(directive, 'url')) ?? ''),
    );
    if (node === undefined) continue;
    const namespace = textOf(argument(node, 'as')) ?? 'federation';
    const aliases = importsOf(node).map(({ name, as }): [string, string] => [as, name]);
    return { node, namespace, aliases: new Map(aliases) };
  }
  return undefined;
}

function ownName(name: string, { namespace, aliases }: FederationLink): string {
  const prefix = `${namespace}__`;
  return aliases.get(name) ?? (name.startsWith(prefix) ? name.slice(prefix.length) : name);
}

function importsOf(link: ConstDirectiveNode): readonly { name: string; as: string }[] {
  const list = argument(link, 'import');
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((item) => {
    const field = (key: string): ConstValueNode | undefined =>
      item.kind === Kind.OBJECT
        ? item.fields.find(({ name }) => name.value === key)?.value
        : undefined;
    const name = textOf(item) ?? textOf(field('name'));
    if (name === undefined || !name.startsWith('@')) return [];
    return [{ name: name.slice(1), as: (textOf(field('as')) ?? name).slice(1) }];
  });
}

function withImports(
  link: ConstDirectiveNode,
  renamed: ReadonlySet<string>,
  aliases: ReadonlyMap<string, string>,
): ConstDirectiveNode {
  const old = argument(link, 'import');
  const types =
    old?.kind === Kind.LIST ? old.values.filter((item) => !isDirectiveImport(item)) : [];
  const names = [...new Set([...aliases.values(), ...renamed])];
  const directives = names.map((name): ConstValueNode => ({
    kind: Kind.STRING,
    value: `@${name}`,
  }));
  const imports: ConstArgumentNode = {
    kind: Kind.ARGUMENT,
    name: { kind: Kind.NAME, value: 'import' },
    value: { kind: Kind.LIST, values: [...types, ...directives] },
  };
  const others = (link.arguments ?? []).filter(({ name }) => name.value !== 'import');
  return { ...link, arguments: [...others, imports] };
}

function isDirectiveImport(item: ConstValueNode): boolean {
  const name =
    item.kind === Kind.OBJECT
      ? textOf(item.fields.find((field) => field.name.value === 'name')?.value)
      : textOf(item);
  return name?.startsWith('@') === true;
}

function argument(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
}

function textOf(value: ConstValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined;
}
