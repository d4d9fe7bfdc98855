/** A name for a field that tells its owner: `fax` of sales becomes `salesFax`, and `salesRep` stays as it is. */
export function ownedName(owner: string, field: string): string {
  const prefix = owner.replaceAll(/[-_]+(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (field.startsWith(prefix)) return field;
  return `${prefix}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}
