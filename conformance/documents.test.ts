import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSettings, namesBelow } from '../foundation/config/setting.ts';
import { repositoryDirectory } from './testing/start-project.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...markdownIn('docs'),
  ...markdownIn('docs/adr'),
];
const { scripts, dependencies } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
};

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links to files and headings that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)];
    const broken = links.filter(([, path = '', anchor]) => {
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(resolve(repositoryDirectory, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).has(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names scripts that exist', () => {
    const named = [...text.matchAll(/npm run (\w+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });
});

describe('the README', () => {
  it('names settings that exist', () => {
    const settings = new Set(listSettings().map(({ path }) => path.join('.')));
    const sections = namesBelow([]).join('|');
    const named = [
      ...read('README.md').matchAll(new RegExp(`\`((?:${sections})(?:\\.[a-z]\\w*)+)`, 'g')),
    ];
    expect(named.length).toBeGreaterThan(settings.size);
    expect(named.filter(([, name = '']) => !settings.has(name))).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  const text = read('CONTRIBUTING.md');

  it('shows every room of the house', () => {
    const rooms = readdirSync(repositoryDirectory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .filter((name) => !['node_modules', 'dist', 'docs', 'lake-data', 'coverage'].includes(name));
    const shown = [...text.matchAll(/^\| `(\w+)\/` \|/gm)].map(([, room]) => room);
    expect(new Set(shown)).toEqual(new Set(rooms));
  });

  it('names files that exist', () => {
    const named = [...text.matchAll(/`([\w.-]+\/[\w./-]+)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(repositoryDirectory, path)))).toEqual([]);
  });
});

describe('the licence notes', () => {
  const rows = [...read('README.md').matchAll(/^\| (.*`.*) \| (Elastic-2\.0|MIT) \|$/gm)];

  it('say what the packages say', () => {
    const noted = rows.flatMap(([, names = '', licence]) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, licence]),
    );
    expect(noted.length).toBeGreaterThan(8);
    expect(noted.map(([name]) => [name, licenceOf(`node_modules/${name}`)])).toEqual(noted);
  });

  it('name every package in production that has a licence of another kind', () => {
    const usual = ['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'];
    const { packages } = JSON.parse(read('package-lock.json')) as {
      readonly packages: Readonly<
        Record<string, { readonly license?: string; readonly dev?: boolean }>
      >;
    };
    const others = Object.entries(packages)
      .filter(
        ([path, { dev }]) =>
          path !== '' && dev !== true && existsSync(resolve(repositoryDirectory, path)),
      )
      .map(([path, { license }]) => [
        path.split('node_modules/').at(-1),
        license ?? licenceOf(path),
      ])
      .filter(
        ([, licence = '']) =>
          !licence.split(' AND ').every((part) => usual.includes(part.replaceAll(/[()]/g, ''))),
      )
      .filter(([, licence]) => licence !== 'BlueOak-1.0.0');
    const [, elastic = ''] = rows.find(([, , licence]) => licence === 'Elastic-2.0') ?? [];
    expect(
      others.filter(
        ([name, licence]) => licence !== 'Elastic-2.0' || !elastic.includes(`\`${name}\``),
      ),
    ).toEqual([]);
  });

  it('say where the packages under the Elastic License are used', () => {
    const isElastic = (name: string): boolean =>
      licenceOf(`node_modules/${name}`) === 'Elastic-2.0';
    const names = Object.keys(dependencies).filter(isElastic);
    const users = sourcesIn(repositoryDirectory).filter((file) =>
      names.some((name) => read(file).includes(`from '${name}'`)),
    );
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((file) => !/^(gateway|registry)\//.test(file))).toEqual([]);
  });
});

function read(path: string): string {
  return readFileSync(join(repositoryDirectory, path), 'utf8');
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(join(repositoryDirectory, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

/** The anchors that a page shows for its headings. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function licenceOf(folder: string): string | undefined {
  const { license } = JSON.parse(read(`${folder}/package.json`)) as { readonly license?: string };
  return license;
}

/** Sources that are part of the product, as paths from the root. */
function sourcesIn(root: string): readonly string[] {
  const isOutside = /^(node_modules|dist|bench|conformance|\.)|\/testing\/|\.test\.ts$/;
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !isOutside.test(entry.name))
    .flatMap(({ name }) =>
      readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(name, file),
      ),
    )
    .filter((file) => file.endsWith('.ts') && !isOutside.test(file));
}
