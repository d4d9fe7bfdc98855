import { RequestError } from '../http/request-error.ts';
import type { BaseData } from './account.ts';

/**
 * What support knows of a customer, as support says it. It is shown and not kept: it is support's.
 * @returns null when support does not have the customer yet
 * @throws {RequestError} 502
 */
export async function askSupport(supportUrl: string, customer: BaseData): Promise<unknown> {
  const { id, name, email } = customer;
  const response = await fetch(`${supportUrl}/service-level`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // The base data and no more: the value of the account is nobody's business but sales'.
    body: JSON.stringify({ id, name, email }),
    signal: AbortSignal.timeout(5000),
  }).catch((error: unknown) => {
    throw new RequestError(502, `Support cannot be reached: ${String(error)}`);
  });
  if (response.status === 404) return null;
  if (!response.ok) throw new RequestError(502, `Support answered ${response.status}.`);
  return response.json();
}
