import type { Fetcher } from '../graph/local-subgraphs.ts';

/** A way to a subgraph of this process, which takes the digits that no double has as text. */
export function withNumbersAsText(fetch: Fetcher): Fetcher {
  return (request) => {
    const { variables, context } = request;
    const asText = context.exactNumbers.asText(variables) as typeof variables;
    return fetch(asText === variables ? request : { ...request, variables: asText });
  };
}
