import type { ApolloServerPlugin } from '@apollo/server';
import type { AnswerFreshness } from './answer-freshness.ts';

export interface FreshnessContext {
  readonly freshness?: AnswerFreshness | undefined;
}

/** Puts into the answer how old what it was made of is, where that was asked for. */
export function tellFreshness(): ApolloServerPlugin<FreshnessContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse({ contextValue: { freshness }, response: { body } }) {
          if (freshness !== undefined && body.kind === 'single') {
            const { extensions } = body.singleResult;
            body.singleResult.extensions = { ...extensions, freshness: freshness.finish() };
          }
          return Promise.resolve();
        },
      }),
  };
}
