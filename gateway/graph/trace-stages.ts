import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { RequestContext } from './request-context.ts';
import { wrapExecutor } from './wrap-executor.ts';

/** Spans of what Apollo Server does before it executes an operation that it does not know. */
export function traceStages(): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: ({ contextValue: { trace } }) => {
      if (trace === undefined) return Promise.resolve();
      return Promise.resolve({
        parsingDidStart() {
          const stage = trace.startStage('graphql.parse');
          return Promise.resolve(async (cause?: Error) => stage?.end(cause));
        },
        validationDidStart() {
          const stage = trace.startStage('graphql.validate');
          return Promise.resolve(async (errors?: readonly Error[]) => stage?.end(errors?.[0]));
        },
      });
    },
  };
}

/** The gateway with a span for the execution of each operation, to which its plan and its fetches belong. */
export function withTracedExecution(gateway: GatewayInterface): GatewayInterface {
  return wrapExecutor(gateway, (execute) => async (requestContext) => {
    const { trace } = requestContext.context as RequestContext;
    const stage = trace?.enterStage('graphql.execute', {
      ...(trace.tellsDocuments && { 'graphql.document': requestContext.source }),
    });
    let problem: unknown;
    try {
      const result = await execute(requestContext);
      problem = result.errors?.[0];
      return result;
    } catch (error) {
      problem = error;
      throw error;
    } finally {
      stage?.end(problem);
    }
  });
}
