import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeError, TributaryError } from '../errors/tributary-error.ts';
import { variableName, type Environment } from './environment.ts';
import { loadConfig } from './load-config.ts';
import { configJsonSchema, type Config, type PartialConfig } from './schema.ts';
import { listSettings } from './setting.ts';

let projectDirectory: string;

beforeEach(() => {
  projectDirectory = mkdtempSync(join(tmpdir(), 'tributary-config-'));
});

afterEach(() => rmSync(projectDirectory, { recursive: true }));

function load(yaml: string, environment: Environment = {}, flags: PartialConfig = {}): Config {
  writeFileSync(join(projectDirectory, 'tributary.yaml'), yaml);
  return loadConfig({ projectDirectory, environment, flags });
}

/** The whole text of the error, with the project folder taken out of it. */
function failure(yaml: string, environment: Environment = {}, flags: PartialConfig = {}): string {
  try {
    load(yaml, environment, flags);
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    return describeError(error).replace(`${projectDirectory}/`, '');
  }
  throw new Error('The configuration was accepted.');
}

describe('loadConfig', () => {
  it('has a default for every setting, so that no file is needed', () => {
    const config = loadConfig({ projectDirectory, environment: {} });
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 4000, maxBodyBytes: 1_048_576 });
    expect(config.lake.directory).toBe(join(projectDirectory, 'lake-data'));
    expect(config.access.jwt).toBeUndefined();
  });

  it('lays the environment over the file and flags over both', () => {
    const yaml = 'server:\n  port: 1\n  host: 10.0.0.1\n  maxBodyBytes: 5\n';
    const environment = { TRIBUTARY_SERVER_PORT: '2', TRIBUTARY_SERVER_HOST: '10.0.0.2' };
    const { server } = load(yaml, environment, { server: { port: 3, host: undefined } });
    expect(server).toMatchObject({ port: 3, host: '10.0.0.2', maxBodyBytes: 5 });
  });

  it('reads lists, booleans and nested settings from the environment', () => {
    const config = load('', {
      TRIBUTARY_CORS_ORIGINS: 'https://a.example, https://b.example:8443',
      TRIBUTARY_CORS_APOLLO_STUDIO: 'false',
      TRIBUTARY_SERVER_TLS_CERT_FILE: 'cert.pem',
      TRIBUTARY_SERVER_TLS_KEY_FILE: '/key.pem',
      TRIBUTARY_LAKE_MEMORY_LIMIT_MB: '',
      PATH: 'of no interest',
    });
    expect(config.cors.origins).toEqual(['https://a.example', 'https://b.example:8443']);
    expect(config.cors.apolloStudio).toBe(false);
    expect(config.lake.memoryLimitMb).toBe(2048);
    expect(config.server.tls).toEqual({
      certFile: join(projectDirectory, 'cert.pem'),
      keyFile: '/key.pem',
    });
  });

  it('reads settings of single subgraphs, whose files are found from the project too', () => {
    const { subgraphs } = load(
      'subgraphs: { tls: { caFile: ca.pem }, byName: { reviews: { tls: { caFile: tls/r.pem } } } }',
    );
    expect(subgraphs.tls?.caFile).toBe(join(projectDirectory, 'ca.pem'));
    expect(subgraphs.byName['reviews']?.tls?.caFile).toBe(join(projectDirectory, 'tls/r.pem'));
    expect(failure('subgraphs: { byName: { reviews: { timeoutMs: 0 } } }')).toContain(
      'Longest time that one call to a subgraph may take',
    );
  });

  it('treats an empty section as one that sets nothing', () => {
    expect(load('server:\n  # port: 1\ncors:\n  origins:\n').server.port).toBe(4000);
  });

  it('is frozen all the way down', () => {
    const config = load('cors: { origins: [https://a.example] }');
    expect(Object.isFrozen(config.server)).toBe(true);
    expect(Object.isFrozen(config.cors.origins)).toBe(true);
  });

  it('refuses an unknown key where it stands, with the nearest known one', () => {
    expect(failure('server:\n  prot: 4000\n')).toMatch(
      /^tributary\.yaml:2:3: There is no setting "server\.prot"\.\n {2}Did you mean "port"\?/,
    );
    expect(failure('port: 4000\n')).toContain('Did you mean "server.port"?');
    expect(failure('__proto__: { port: 1 }\n')).toContain('There is no setting "__proto__".');
  });

  it('refuses an invalid value, saying where it stands, what is wrong and what it is for', () => {
    const text = failure('server:\n  port: 70000\n');
    expect(text).toMatch(/^tributary\.yaml:2:3: server\.port in tributary\.yaml is not/);
    expect(text).toContain('Port to listen on');
    expect(failure('', { TRIBUTARY_SERVER_PORT: 'http' })).toContain(
      'server.port in the environment variable TRIBUTARY_SERVER_PORT is not valid: expected number',
    );
    expect(failure('', {}, { server: { port: -1 } })).toContain(
      'server.port on the command line is not',
    );
  });

  it('refuses a value where a section belongs, also when something sets what is below it', () => {
    const expected =
      /^tributary\.yaml:1:1: server in tributary\.yaml is not valid: expected object/;
    expect(failure('server: 3\n')).toMatch(expected);
    expect(failure('server: 3\n', { TRIBUTARY_SERVER_PORT: '1' })).toMatch(expected);
    expect(failure('server: 3\n', {}, { server: { port: 1 } })).toMatch(expected);
    expect(failure('server: 3\n', {}, { server: {} })).toMatch(expected);
  });

  it('says of a setting that has to be there that it is missing', () => {
    expect(failure('server:\n  tls:\n    certFile: a\n')).toMatch(
      /^tributary\.yaml:2:3: server\.tls\.keyFile is missing\.\n/,
    );
  });

  it('refuses a variable that names no setting', () => {
    expect(failure('', { TRIBUTARY_SERVER_PROT: '1' })).toContain(
      'Did you mean "TRIBUTARY_SERVER_PORT"?',
    );
  });

  it('leaves alone the variables that Kubernetes makes for a service of our name', () => {
    const environment = {
      TRIBUTARY_PORT: 'tcp://10.0.0.1:80',
      TRIBUTARY_SERVICE_HOST: '10.0.0.1',
      TRIBUTARY_SERVICE_PORT_HTTP: '80',
      TRIBUTARY_PORT_80_TCP_ADDR: '10.0.0.1',
    };
    expect(load('', environment).server.port).toBe(4000);
    expect(failure('', { TRIBUTARY_PORT: '80' })).toContain('TRIBUTARY_PORT names no setting');
  });

  it.each([
    ['server: [', 'CONFIG_SYNTAX'],
    ['server: {port: 1}\nserver: {port: 2}\n', 'CONFIG_SYNTAX'],
    ['server: *nowhere', 'CONFIG_SYNTAX'],
    ['- just\n- a list', 'CONFIG_INVALID'],
    ['cors: { origins: ["*"] }', 'CONFIG_INVALID'],
    ['cors: { origins: [https://a.example/] }', 'CONFIG_INVALID'],
    ['server: { trustedProxies: [10.0.0.0/33] }', 'CONFIG_INVALID'],
    ['server: { tls: { certFile: a } }', 'CONFIG_INVALID'],
    ['access: { jwt: { issuer: a, audience: b } }', 'CONFIG_INVALID'],
    [
      'access: { jwt: { issuer: a, audience: b, jwksUrl: http://idp.example/jwks } }',
      'CONFIG_INVALID',
    ],
    ['subgraphs: { routerSecret: short }', 'CONFIG_INVALID'],
  ])('refuses %j', (yaml, code) => {
    expect(failure(yaml)).toContain(`[${code}]`);
  });
});

describe('the schema', () => {
  it('is published as docs/config.schema.json', () => {
    const published = readFileSync(
      new URL('../../docs/config.schema.json', import.meta.url),
      'utf8',
    );
    expect(JSON.parse(published)).toEqual(configJsonSchema());
  });

  it('describes every setting and gives each a variable of its own', () => {
    const settings = listSettings();
    expect(settings.filter(({ description }) => description === '')).toEqual([]);
    const variables = settings.map(({ path }) => variableName(path));
    expect(new Set(variables).size).toBe(settings.length);
    expect(variables).toContain('TRIBUTARY_SERVER_MAX_BODY_BYTES');
    expect(variables).toContain('TRIBUTARY_ACCESS_JWT_JWKS_URL');
  });
});
