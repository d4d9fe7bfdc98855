import { raise } from '../../foundation/errors/tributary-error.ts';

/** Each share is a figure of its own to the lake, which keeps all values for it. */
const mostShares = 100;

/**
 * The shares in the arguments of `quantiles`.
 *
 * @param field the aggregate, for errors
 * @throws QUANTILES_INVALID
 */
export function readQuantiles(
  values: Readonly<Record<string, unknown>>,
  field: string,
): readonly number[] {
  const given = values['at'];
  const shares = (Array.isArray(given) ? given : []).map(Number);
  const wrong = shares.find((share) => !(share >= 0 && share <= 1));
  if (wrong === undefined && shares.length <= mostShares) return shares;
  const problem =
    wrong === undefined
      ? `${shares.length} shares`
      : `the share ${wrong}, which is not from 0 to 1`;
  throw raise('QUANTILES_INVALID', { field, problem, limit: mostShares });
}
