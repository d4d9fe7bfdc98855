import type { EventEntity } from './event-entities.ts';
import { versionField } from './names.ts';

/** What the subgraph adds to one entity, and the fields that are named after it. */
export function entitySdl({ name, names, key, hasDuplicates }: EventEntity): string {
  const keyFields = key.map((field) => field.name).join(' ');
  const entity = `
    type ${name} @key(fields: "${keyFields}") {
      ${key.map((field) => `${field.name}: ${field.type}`).join('\n')}
      "How often the identity changed since it was made, which is its version 1; for \`expectedVersion\`."
      ${versionField}: Int!
    }
    type Subscription {
      "What happens to identities of ${name} from now on, or from a cursor on; over server-sent events."
      ${names.events}(
        "Only what came after this cursor; a header last-event-id says the same."
        after: String
        "Only these types of events: ${names.eventTypes.join(', ')}."
        types: [String!]
        "Whether what you did yourself comes too."
        includeOwn: Boolean! = false
      ): IdentityEvent!
    }`;
  return hasDuplicates ? `${entity}${duplicatesSdl(name, names)}` : entity;
}

function duplicatesSdl(name: string, names: EventEntity['names']): string {
  return `
    type Query {
      "Groups of ${name} that are probably one: they can be merged."
      ${names.duplicates}("How many groups at most." first: Int! = 50): [${names.duplicatesType}!]!
    }
    "Several of ${name} that are probably one."
    type ${names.duplicatesType} {
      "What they have in common, as it is compared."
      value: String!
      "All that have it."
      ${names.many}: [${name}!]!
    }`;
}
