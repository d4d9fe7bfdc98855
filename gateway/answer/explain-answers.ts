import type { ApolloServerPlugin } from '@apollo/server';
import type { ProfileStatement } from './explanation.ts';
import type { RequestContext } from '../graph/request-context.ts';

interface ExplainOptions {
  /** Undefined where there is no lake. */
  readonly profile: ProfileStatement | undefined;
  readonly timeoutMs: number;
}

/** Puts into the answer how it came about, where that was asked for. */
export function explainAnswers({
  profile,
  timeoutMs,
}: ExplainOptions): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async willSendResponse({ contextValue, response: { body } }) {
          const { explanation, signal } = contextValue;
          if (explanation === undefined || body.kind !== 'single') return;
          const explain = await explanation.finish(profile, { signal, timeoutMs });
          const { extensions } = body.singleResult;
          body.singleResult.extensions = { ...extensions, tributary: { explain } };
        },
      }),
  };
}
