/**
 * What makes the objects of a selection. A response key may be any name, and `__proto__` is one that an ordinary object
 * takes for its prototype; objects without one are slower, so only who asks for that name gets them.
 */
export function objectMaker(
  members: readonly { readonly responseKey: string }[],
): () => Record<string, unknown> {
  const isOdd = members.some(({ responseKey }) => responseKey === '__proto__');
  return isOdd ? () => Object.create(null) as Record<string, unknown> : () => ({});
}
