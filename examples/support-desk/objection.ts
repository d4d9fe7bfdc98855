import type { BaseData } from './client.ts';

/** Why support cannot serve such a customer; undefined when it can. */
export function objectionTo({ name, email }: BaseData): string | undefined {
  if (/\p{Cc}/u.test(name)) {
    return 'The name has control characters, and support prints names on parcels.';
  }
  // RFC 2606 keeps this domain for addresses that nobody has.
  if (email.toLowerCase().endsWith('.invalid')) {
    return `Support can send no mail to ${email}.`;
  }
  return undefined;
}
