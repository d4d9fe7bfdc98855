/**
 * SQL text for people: a clause a line, and tables of the hub without the digest of their shape, which changes with
 * any mapping.
 */
export function readableSql(text: string): string {
  return text
    .replaceAll(/"hub"\."(\w+?)_[0-9a-f]{10}"/g, 'hub.$1')
    .replaceAll(
      / ((?<!DISTINCT )FROM|LEFT JOIN|WHERE|GROUP BY|HAVING|QUALIFY|ORDER BY|LIMIT) /g,
      '\n$1 ',
    );
}
