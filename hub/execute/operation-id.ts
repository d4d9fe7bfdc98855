/**
 * One text for an operation of a document. Undefined for a name with a line feed, which no operation has: it could pass
 * for another name and the beginning of a text.
 */
export function operationId(text: string, operationName: string | undefined): string | undefined {
  if (operationName?.includes('\n')) return undefined;
  return `${operationName ?? ''}\n${text}`;
}
