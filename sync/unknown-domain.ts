import { nearestName } from '../foundation/errors/did-you-mean.ts';
import { raise, type TributaryError } from '../foundation/errors/tributary-error.ts';
import type { LakeModel } from '../mapping/model.ts';

/** Whoever misspells a domain is told so, instead of that nothing is the matter with it; undefined where there is one. */
export function unknownDomain(domain: string, { domains }: LakeModel): TributaryError | undefined {
  const names = domains.map(({ name }) => name);
  if (names.includes(domain)) return undefined;
  const nearest = nearestName(domain, names);
  return raise('DOMAIN_UNKNOWN', {
    domain,
    suggestion: nearest === undefined ? '' : ` Did you mean "${nearest}"?`,
    known: names.toSorted().join(', '),
  });
}
