import { raise } from '../../foundation/errors/tributary-error.ts';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { typesOf } from './authored-nodes.ts';
import { pageInfoFields } from './page-info.ts';

/**
 * Every subgraph that has lists after the Relay specification has a `PageInfo`, and so has the hub. No router can
 * fetch a field of it that only some of them know, since a page has no key.
 *
 * @throws HUB_PAGE_INFO_DIFFERS
 */
export function checkPageInfo(schemas: readonly AuthoredSchema[]): void {
  const expected = pageInfoFields.map(({ name }) => name);
  for (const { name: subgraph, document } of schemas) {
    const type = typesOf(document).get('PageInfo');
    if (type === undefined) continue;
    const given = type.fields.map(({ name }) => name.value);
    const fields = [
      ...expected.filter((name) => !given.includes(name)),
      ...given.filter((name) => !expected.includes(name)),
    ];
    if (fields.length === 0) continue;
    throw raise(
      'HUB_PAGE_INFO_DIFFERS',
      { subgraph, fields: fields.join(', '), expected: expected.join(', ') },
      { at: type.location },
    );
  }
}
