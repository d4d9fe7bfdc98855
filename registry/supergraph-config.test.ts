import { afterEach, describe, expect, it } from 'vitest';
import { readSupergraphConfig, type SupergraphConfig } from './supergraph-config.ts';
import { createTemporaryProject, type TemporaryProject } from './testing/temporary-project.ts';

const projects: TemporaryProject[] = [];

afterEach(async () => {
  await Promise.all(projects.splice(0).map((project) => project.remove()));
});

async function read(
  text: string,
  environment: Record<string, string> = {},
): Promise<SupergraphConfig> {
  const project = await createTemporaryProject({ 'supergraph.yaml': text });
  projects.push(project);
  return readSupergraphConfig(project.pathOf('supergraph.yaml'), { environment });
}

describe('supergraph.yaml', () => {
  it('reads the list of this project', async () => {
    const { subgraphs } = await readSupergraphConfig('supergraph.yaml', { environment: {} });
    expect(subgraphs.map(({ name }) => name)).toEqual(['identity', 'sales', 'support', 'billing']);
    expect(subgraphs[0]).toEqual({
      name: 'identity',
      routingUrl: 'http://127.0.0.1:4000/subgraphs/identity',
      schema: {
        kind: 'file',
        file: 'subgraphs/identity/schema.graphql',
        location: { file: 'supergraph.yaml', line: 6, column: 13 },
      },
      location: { file: 'supergraph.yaml', line: 3, column: 3 },
    });
  });

  it('reads every place that a schema can come from, with variables', async () => {
    const { file, subgraphs } = await read(
      [
        'federation_version: 2',
        'subgraphs:',
        '  films:',
        '    routing_url: http://${env.HOST}:${env.PORT:-4001}/graphql',
        '    schema: { file: films.graphql }',
        '  people:',
        '    schema:',
        '      subgraph_url: https://people.example.com/graphql',
        '      introspection_headers: { Authorization: "Bearer ${env.TOKEN}" }',
        '  inline:',
        '    routing_url: http://localhost:4003',
        '    schema:',
        '      sdl: |',
        '        type Query { one: Int }',
      ].join('\n'),
      { HOST: 'films', PORT: '', TOKEN: 'secret' },
    );
    expect(subgraphs.map(({ routingUrl }) => routingUrl)).toEqual([
      'http://films:4001/graphql',
      'https://people.example.com/graphql',
      'http://localhost:4003',
    ]);
    expect(subgraphs.map(({ schema }) => schema)).toMatchObject([
      { kind: 'file', file: file.replace('supergraph.yaml', 'films.graphql') },
      {
        kind: 'introspection',
        url: 'https://people.example.com/graphql',
        headers: new Map([['Authorization', 'Bearer secret']]),
      },
      { kind: 'inline', sdl: 'type Query { one: Int }\n' },
    ]);
  });

  it('reads anchors and aliases', async () => {
    const { subgraphs } = await read(
      'subgraphs:\n  a: &a\n    routing_url: http://a\n    schema: { sdl: x }\n  b: *a\n',
    );
    expect(subgraphs.map(({ name, routingUrl }) => [name, routingUrl])).toEqual([
      ['a', 'http://a'],
      ['b', 'http://a'],
    ]);
  });

  it.each(['2', 'latest-2', '=2.0.0', '=2.9.0', 'v2.14.4', '"=2.3.0-beta.1"'])(
    'accepts federation_version %s',
    async (version) => {
      const text = `federation_version: ${version}\nsubgraphs: { a: { routing_url: 'http://a', schema: { sdl: x } } }`;
      expect((await read(text)).subgraphs).toHaveLength(1);
    },
  );

  it.each(['1', '0', '2.9', '=2.99.0', '=3.0.0', '=1.0.0', 'newest'])(
    'refuses federation_version %s at its place',
    async (version) => {
      await expect(read(`federation_version: ${version}\nsubgraphs: {}`)).rejects.toMatchObject({
        code: 'FEDERATION_VERSION_UNSUPPORTED',
        at: { line: 1, column: 21 },
      });
    },
  );

  it.each([
    [
      'a misspelt key at the top',
      'subgraphz:\n  a: 1',
      'SUPERGRAPH_CONFIG_UNKNOWN_KEY',
      1,
      1,
      'Did you mean "subgraphs"?',
    ],
    [
      'a misspelt key of a subgraph',
      'subgraphs:\n  a:\n    routing_uri: http://a\n    schema: { sdl: x }',
      'SUPERGRAPH_CONFIG_UNKNOWN_KEY',
      3,
      5,
      'Did you mean "routing_url"?',
    ],
    [
      'a misspelt origin',
      'subgraphs:\n  a:\n    routing_url: http://a\n    schema:\n      fiel: x',
      'SUPERGRAPH_CONFIG_UNKNOWN_KEY',
      5,
      7,
      'Did you mean "file"?',
    ],
    [
      'a subgraph that is there twice',
      'subgraphs:\n  a: { routing_url: http://a, schema: { sdl: x } }\n  a: { routing_url: http://a, schema: { sdl: x } }',
      'SUPERGRAPH_CONFIG_SYNTAX',
      3,
      3,
      'Mend',
    ],
    ['broken YAML', 'subgraphs:\n  a: {', 'SUPERGRAPH_CONFIG_SYNTAX', 2, 7, 'Mend'],
    ['an empty file', '', 'SUPERGRAPH_CONFIG_SYNTAX', 1, 1, 'Mend'],
    ['no subgraphs', 'federation_version: 2', 'SUPERGRAPH_CONFIG_INVALID', 1, 1, 'Add one'],
    ['an empty list', 'subgraphs: {}', 'SUPERGRAPH_CONFIG_INVALID', 1, 1, 'Add one'],
    [
      'a list instead of names',
      'subgraphs:\n  - a',
      'SUPERGRAPH_CONFIG_INVALID',
      1,
      1,
      'Indent them',
    ],
    ['an empty subgraph', 'subgraphs:\n  a:', 'SUPERGRAPH_CONFIG_INVALID', 2, 3, 'Indent them'],
    [
      'a subgraph without a schema',
      'subgraphs:\n  a:\n    routing_url: http://a',
      'SUPERGRAPH_CONFIG_INVALID',
      2,
      3,
      'Say where its schema is',
    ],
    [
      'a subgraph without a URL',
      'subgraphs:\n  a:\n    schema: { file: x }',
      'SUPERGRAPH_CONFIG_INVALID',
      2,
      3,
      'Add routing_url',
    ],
    [
      'two origins',
      'subgraphs:\n  a:\n    routing_url: http://a\n    schema: { file: x, sdl: y }',
      'SUPERGRAPH_CONFIG_INVALID',
      4,
      13,
      'Give one of',
    ],
    [
      'an empty value',
      'subgraphs:\n  a:\n    routing_url: http://a\n    schema:\n      file:',
      'SUPERGRAPH_CONFIG_INVALID',
      5,
      7,
      'Write a value',
    ],
    [
      "Apollo's registry",
      'subgraphs:\n  a:\n    schema:\n      graphref: g@v\n      subgraph: a',
      'SUPERGRAPH_CONFIG_INVALID',
      4,
      7,
      'Download',
    ],
    [
      'something that is no URL',
      'subgraphs:\n  a:\n    routing_url: localhost:4001\n    schema: { file: x }',
      'SUPERGRAPH_CONFIG_INVALID',
      3,
      5,
      'Write it whole',
    ],
    [
      'the name of the derived subgraph',
      'subgraphs:\n  _hub: { routing_url: http://a, schema: { sdl: x } }',
      'SUBGRAPH_NAME_INVALID',
      2,
      3,
      'reserved',
    ],
    [
      'an unset variable',
      'subgraphs:\n  a:\n    routing_url: ${env.NOWHERE}\n    schema: { file: x }',
      'SUPERGRAPH_VARIABLE_UNSET',
      3,
      18,
      'Set it',
    ],
    [
      'a reference to a file',
      'subgraphs:\n  a:\n    routing_url: ${file.x}\n    schema: { file: x }',
      'SUPERGRAPH_CONFIG_INVALID',
      3,
      18,
      'Write ${env.NAME}',
    ],
  ])('refuses %s', async (_, text, code, line, column, hint) => {
    await expect(read(text)).rejects.toMatchObject({
      code,
      at: { line, column },
      hint: expect.stringContaining(hint),
    });
  });

  it('says which file is missing', async () => {
    await expect(
      readSupergraphConfig('nowhere/supergraph.yaml', { environment: {} }),
    ).rejects.toMatchObject({
      code: 'SUPERGRAPH_CONFIG_UNREADABLE',
      message: expect.stringContaining('nowhere/supergraph.yaml'),
    });
  });
});
