import { Kind, parse } from 'graphql';
import { streamEvents } from './stream-events.mjs';

/**
 * Sends GraphiQL's requests to the endpoint. A server that is away, or an answer that is not JSON, as a proxy in
 * between may give, becomes an error in the form of a GraphQL answer, so that the result pane shows it without a
 * stack trace of this page.
 */
export function createFetcher(endpoint) {
  return function fetchGraph(request, options) {
    const isStream = isSubscription(request);
    return isStream ? streamEvents(endpoint, request, options) : fetchAnswer(request, options);
  };

  async function fetchAnswer({ query, variables, operationName }, options) {
    let response;
    let text;
    try {
      response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json, application/json;q=0.9',
          'content-type': 'application/json',
          ...withoutBlanks(options?.headers ?? {}),
        },
        body: JSON.stringify({ query, variables, operationName }),
      });
      text = await response.text();
    } catch (error) {
      return failure(`No answer from ${endpoint} (${error.message}). Is the server running?`);
    }
    try {
      return JSON.parse(text);
    } catch {
      const status = `${response.status} ${response.statusText}`.trim();
      return failure(`${endpoint} answered "${status}", and not in JSON: ${text.slice(0, 200)}`);
    }
  }
}

function failure(message) {
  return { errors: [{ message }] };
}

function withoutBlanks(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}

/** Whether the operation that is run is a subscription; of several, the one with the name. */
function isSubscription({ query, operationName }) {
  try {
    const operations = parse(query).definitions.filter(
      ({ kind }) => kind === Kind.OPERATION_DEFINITION,
    );
    const named = operations.find(({ name }) => name?.value === operationName);
    return (named ?? operations[0])?.operation === 'subscription';
  } catch {
    // The server says what is wrong with it.
    return false;
  }
}
