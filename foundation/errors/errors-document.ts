import { catalogue, type CatalogueEntry } from './catalogue.ts';

/** The text of `docs/errors.md`: every error of the catalogue, in the order of their codes. */
export function errorsDocument(): string {
  const entries: readonly (readonly [string, CatalogueEntry])[] = Object.entries(catalogue);
  const sections = entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { audience, status, message, hint }]) =>
      [
        `## ${code}`,
        '',
        `> ${message}`,
        '',
        audience === 'client'
          ? `Shown to callers, HTTP status ${status}.`
          : 'Printed where the program was started; a caller gets a correlation id instead.',
        '',
        `**What to do.** ${hint}`,
        '',
      ].join('\n'),
    );
  return [
    '# Errors',
    '',
    'Every error that Tributary raises, made from `foundation/errors/catalogue.ts` by `npm run docs`.',
    'Words in braces are filled in when it happens. In a GraphQL answer the code is `extensions.code` and the advice `extensions.hint`.',
    '',
    ...sections,
  ].join('\n');
}
