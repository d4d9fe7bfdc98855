import { describe, expect, it } from 'vitest';
import { entityId, LakeVersions, type LakeReads } from './versions.ts';

function reads(entities: readonly string[], tables: readonly string[] = []): LakeReads {
  return {
    entities: new Set(entities.map((key) => entityId('Customer', key))),
    tables: new Set(tables),
  };
}

const change = (...keys: string[]) => ({
  entities: keys.map((key) => ['Customer', key] as const),
  tables: ['identity.customer'],
});

describe('what was read', () => {
  it('is current until one of its entities changes', () => {
    const versions = new LakeVersions();
    const since = versions.now;
    versions.commit(change('C2'));
    expect(versions.isCurrent(reads(['C1']), since)).toBe(true);
    versions.commit(change('C1'));
    expect(versions.isCurrent(reads(['C1']), since)).toBe(false);
    expect(versions.isCurrent(reads(['C1']), versions.now)).toBe(true);
  });

  it('is current until one of its tables changes', () => {
    const versions = new LakeVersions();
    const since = versions.now;
    versions.commit(change('C2'));
    expect(versions.isCurrent(reads([], ['sales.customer']), since)).toBe(true);
    expect(versions.isCurrent(reads(['C1'], ['identity.customer']), since)).toBe(false);
  });

  it('is old once anything may have changed', () => {
    const versions = new LakeVersions();
    const since = versions.now;
    versions.commit('everything');
    expect(versions.isCurrent(reads([]), since)).toBe(false);
    expect(versions.isEntityCurrent(entityId('Customer', 'C1'), since)).toBe(false);
    expect(versions.isEntityCurrent(entityId('Customer', 'C1'), versions.now)).toBe(true);
  });

  it('stays current over what changes nothing', () => {
    const versions = new LakeVersions();
    versions.commit('nothing');
    expect(versions.now).toBe(0);
  });

  it('is taken for old where it is not known any more when it changed', () => {
    const versions = new LakeVersions();
    versions.commit(change('first'));
    const since = versions.now;
    versions.commit(change('C1'));
    for (let n = 0; n < 100_000; n++) versions.commit(change(`other ${n}`));
    // When C1 changed was forgotten, so that nobody may say that it did not.
    expect(versions.isEntityCurrent(entityId('Customer', 'C1'), since)).toBe(false);
    expect(versions.isEntityCurrent(entityId('Customer', 'C1'), versions.now - 5)).toBe(true);
  });
});
