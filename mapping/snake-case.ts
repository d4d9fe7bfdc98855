/** `accountValue` → `account_value`, `VATNumber` → `vat_number`: the default name of a column or a table. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase();
}
