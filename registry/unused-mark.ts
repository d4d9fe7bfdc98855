import { visit, type DocumentNode } from 'graphql';

/** A text that no name of the document has in it, made of this one. */
export function unusedMark(document: DocumentNode, wished: string): string {
  const names = new Set<string>();
  visit(document, {
    Name: ({ value }) => {
      names.add(value);
    },
  });
  let mark = wished;
  while ([...names].some((name) => name.toLowerCase().includes(mark.toLowerCase()))) mark += '_';
  return mark;
}
