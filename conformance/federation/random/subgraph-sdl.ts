import { contextualFields, rootScalars } from './random-contexts.ts';
import type { RandomField, Required } from './random-field.ts';
import { keyTypes, type RandomGraph, type RandomType } from './random-graph.ts';

/** What one subgraph says of each field of a type. */
type Said = Map<string, Map<string, string>>;

/** The schema of one subgraph. */
export function subgraphSdl(graph: RandomGraph, subgraph: string): string {
  const said = fieldsIn(graph, subgraph);
  const types = [...graph.types.values()].flatMap((type) => {
    const fields = said.get(type.name);
    if (fields === undefined || fields.size === 0) return [];
    const lines = [...fields].map(([name, text]) => `  ${name}: ${text}`).join('\n');
    return [`type ${headOf(graph, subgraph, type)} {\n${lines}\n}`];
  });
  const abstracts = abstractsIn(graph, subgraph).map(({ name, kind, members, hasKey }) => {
    if (kind === 'union') return `union ${name} = ${members.join(' | ')}`;
    const fields = interfaceFieldsIn(graph, subgraph, said);
    const lines = [...fields].map(([field, type]) => `  ${field}: ${type}`).join('\n');
    const context = contextsOf(graph, subgraph, name);
    return `interface ${name}${hasKey ? ' @key(fields: "id")' : ''}${context} {\n${lines}\n}`;
  });
  const roots = graph.roots.filter(({ owner }) => owner === subgraph);
  const queries = roots.map(
    ({ name, target, isList }) => `  ${name}: ${isList ? `[${target}]` : target}`,
  );
  for (const [name, type] of rootScalars(graph, subgraph)) queries.push(`  ${name}: ${type}`);
  const query =
    queries.length === 0
      ? []
      : [`type Query${contextsOf(graph, subgraph, 'Query')} {\n${queries.join('\n')}\n}`];
  return [...query, ...abstracts, ...types].join('\n');
}

/** The schema of one server that has everything. */
export function wholeSdl(graph: RandomGraph): string {
  const interfaceFields = new Map(
    graph.subgraphs.flatMap((subgraph) => [
      ...interfaceFieldsIn(graph, subgraph, fieldsIn(graph, subgraph)),
    ]),
  );
  const added = [...graph.types.values()].filter(({ kind }) => kind === 'interface object');
  for (const { fields } of added) {
    for (const field of fields) interfaceFields.set(field.name, typeOf(field));
  }
  const isUsed = (name: string): boolean =>
    graph.subgraphs.some((subgraph) =>
      abstractsIn(graph, subgraph).some((one) => one.name === name),
    );
  const interfacesOf = (type: RandomType) =>
    [...graph.abstracts.values()].filter(
      ({ name, kind, members }) =>
        kind === 'interface' && isUsed(name) && members.includes(type.name),
    );
  const types = [...graph.types.values()].flatMap((type) => {
    if (type.kind === 'interface object') return [];
    const keys = new Set([...type.homes.values()].flat(2));
    const all = [
      ...type.fields,
      ...(interfacesOf(type).length > 0 ? added.flatMap(({ fields }) => fields) : []),
    ];
    const lines = [
      ...[...keys].map((name) => `  ${name}: ${keyTypes[name]}`),
      ...all.map((field) => `  ${field.name}: ${typeOf(field)}`),
    ];
    const implemented = interfacesOf(type)
      .map(({ name }) => ` implements ${name}`)
      .join('');
    return [`type ${type.name}${implemented} {\n${lines.join('\n')}\n}`];
  });
  const abstracts = [...graph.abstracts.values()].flatMap(({ name, kind, members }) => {
    if (!isUsed(name)) return [];
    if (kind === 'union') return [`union ${name} = ${members.join(' | ')}`];
    return [
      `interface ${name} {\n${[...interfaceFields].map(([field, type]) => `  ${field}: ${type}`).join('\n')}\n}`,
    ];
  });
  const queries = graph.roots.map(
    ({ name, target, isList }) => `  ${name}: ${isList ? `[${target}]` : target}`,
  );
  for (const subgraph of graph.subgraphs)
    for (const [name, type] of rootScalars(graph, subgraph)) queries.push(`  ${name}: ${type}`);
  return [`type Query {\n${queries.join('\n')}\n}`, ...abstracts, ...types].join('\n');
}

/** Whether a subgraph has an interface only as an object. */
export function isApart(graph: RandomGraph, subgraph: string): boolean {
  return graph.types.get(`${subgraph}I`)?.kind === 'interface object';
}

function abstractsIn(graph: RandomGraph, subgraph: string) {
  return [...graph.abstracts.values()].filter(
    ({ members }) =>
      !isApart(graph, subgraph) &&
      members.every((member) => graph.types.get(member)?.homes.has(subgraph)),
  );
}

function headOf(graph: RandomGraph, subgraph: string, { name, kind, homes }: RandomType): string {
  if (kind === 'value') return `${name} @shareable`;
  if (kind === 'interface object') return 'I @interfaceObject @key(fields: "id")';
  const implemented = abstractsIn(graph, subgraph)
    .filter((one) => one.kind === 'interface' && one.members.includes(name))
    .map((one) => ` implements ${one.name}`);
  const keys = (homes.get(subgraph) ?? []).map((key) => ` @key(fields: "${key.join(' ')}")`);
  return `${name}${implemented.join('')}${keys.join('')}${contextsOf(graph, subgraph, name)}`;
}

function typeOf(field: RandomField): string {
  if (field.kind === 'scalar') return field.type;
  if (field.kind === 'contextual') return field.target ?? 'String';
  if (field.kind === 'computed') return 'String';
  return field.isList ? `[${field.target}]` : field.target;
}

export function fieldsOf(graph: RandomGraph, typeName: string): readonly RandomField[] {
  const isMember = graph.abstracts.get('I')?.members.includes(typeName) === true;
  const added = [...graph.types.values()].filter(({ kind }) => kind === 'interface object');
  return [
    ...(graph.types.get(typeName)?.fields ?? []),
    ...(isMember ? added.flatMap(({ fields }) => fields) : []),
  ];
}

function fieldsIn(graph: RandomGraph, subgraph: string): Said {
  const said: Said = new Map();
  const say = (type: string, name: string, text: string): void => {
    const fields = said.get(type) ?? new Map<string, string>();
    said.set(type, fields);
    if (!fields.has(name)) fields.set(name, text);
  };
  for (const type of graph.types.values()) {
    if (!type.homes.has(subgraph)) continue;
    for (const name of (type.homes.get(subgraph) ?? []).flat())
      say(type.name, name, keyTypes[name] ?? '');
    for (const field of type.fields) {
      const isTaken = field.kind === 'scalar' && field.takenFrom === subgraph;
      if (!field.owners.includes(subgraph) && !isTaken) continue;
      const given = field.kind === 'contextual' ? argumentOf(field) : '';
      say(
        type.name,
        `${field.name}${given}`,
        `${typeOf(field)}${directivesOf(graph, field, subgraph)}`,
      );
    }
  }
  const external = (typeName: string, required: readonly Required[]): void => {
    for (const { on, field: name, below } of required) {
      const own = on ?? typeName;
      const names = [own];
      const abstract = graph.abstracts.get(own);
      for (const one of abstract === undefined ? names : abstract.members) {
        const field = fieldsOf(graph, one).find((candidate) => candidate.name === name);
        if (field === undefined) {
          // An interface object requires what all types of the interface have.
          if (name.endsWith('Common')) say(one, name, 'String @external');
          continue;
        }
        say(one, name, `${typeOf(field)} @external`);
        if (below !== undefined && field.kind === 'reference') external(field.target, below);
      }
    }
  };
  for (const type of graph.types.values()) {
    for (const field of type.fields) {
      if (!field.owners.includes(subgraph)) continue;
      if (field.kind === 'computed' || field.kind === 'contextual')
        external(type.name, field.requires);
      if (field.kind === 'contextual')
        external(
          '',
          field.sources.filter(({ on }) => on !== 'Query'),
        );
      if (field.kind === 'reference' && field.provides !== undefined)
        external(field.target, [{ field: field.provides }]);
    }
  }
  return said;
}

function argumentOf({ name, argument, sources }: RandomField & { readonly kind: 'contextual' }) {
  const [{ field, below } = { field: '' }, ...others] = sources;
  const only = fieldSetOf([{ field, ...(below && { below }) }]);
  const selection = others.length === 0 ? `{ ${only} }` : fieldSetOf(sources);
  return `(given: ${argument} @fromContext(field: "$${name} ${selection}"))`;
}

function contextsOf(graph: RandomGraph, subgraph: string, typeName: string): string {
  return contextualFields(graph)
    .filter(
      ({ owners, sources }) =>
        owners.includes(subgraph) && sources.some(({ on, holder = on }) => holder === typeName),
    )
    .map(({ name }) => ` @context(name: "${name}")`)
    .join('');
}

function directivesOf(graph: RandomGraph, field: RandomField, subgraph: string): string {
  if (field.kind === 'contextual' && field.requires.length === 0) return '';
  if (field.kind === 'computed' || field.kind === 'contextual')
    return ` @requires(fields: "${fieldSetOf(field.requires)}")`;
  if (field.kind === 'reference')
    return field.provides === undefined ? '' : ` @provides(fields: "${field.provides}")`;
  if (field.takenFrom !== undefined)
    return field.takenFrom === subgraph ? '' : ` @override(from: "${field.takenFrom}")`;
  const isProvided = [...graph.types.values()].some(({ fields }) =>
    fields.some((one) => one.kind === 'reference' && one.provides === field.name),
  );
  return field.owners.length > 1 || isProvided ? ' @shareable' : '';
}

function fieldSetOf(required: readonly Required[]): string {
  return required
    .map(({ on, field, below }) => {
      const text = below === undefined ? field : `${field} { ${fieldSetOf(below)} }`;
      return on === undefined ? text : `... on ${on} { ${text} }`;
    })
    .join(' ');
}

/** What the interface has in a subgraph: that of its fields which all types have there. */
function interfaceFieldsIn(
  graph: RandomGraph,
  subgraph: string,
  said: Said,
): ReadonlyMap<string, string> {
  const found = abstractsIn(graph, subgraph).find(({ kind }) => kind === 'interface');
  if (found === undefined) return new Map();
  const candidates = [
    ...Object.entries(keyTypes),
    ...found.common.map((name) => [name, 'String'] as const),
  ];
  const has = (member: string, name: string): boolean => said.get(member)?.has(name) === true;
  const fields = candidates.filter(([name]) => found.members.every((member) => has(member, name)));
  return new Map(fields.map(([name, type]) => [name, type]));
}
