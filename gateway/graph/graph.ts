import type { ExampleQuery } from '../../console/example-query.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { Begun, RootEvent } from '../subscriptions/event-source.ts';
import type { UsedOperation } from '../request/known-operations.ts';

/** One state of the graph, from its schemas to its answers. A changed schema makes another one; none ever changes. */
export interface Graph {
  readonly supergraphSdl: string;
  /** The subgraphs that this process serves. */
  readonly subgraphNames: readonly string[];
  /** What its pages open on. */
  readonly example: ExampleQuery;
  /** Answers again what it has answered before, as long as that is still right. */
  readonly answerKept: (request: FrontRequest) => FrontResponse | undefined;
  /** Answers a GraphQL request, and a browser that asks for a page. What was kept is not looked for. */
  readonly answer: (request: FrontRequest) => Promise<FrontResponse>;
  /** Answers only what it was asked before and is no subscription. */
  readonly answerKnown: (request: FrontRequest) => Promise<FrontResponse | undefined>;
  /** How often a stream without events shows that it is alive. */
  readonly heartbeatMs: number;
  /** Plans a request that is a subscription, and answers any other. */
  readonly begin: (request: FrontRequest, isByGet: boolean) => Promise<Begun>;
  /** The JSON of what the graph makes of an event of a subscription. */
  readonly completeEvent: (
    request: FrontRequest,
    event: RootEvent,
    signal: AbortSignal,
  ) => Promise<string>;
  /** The operations that it was asked most often. */
  readonly usedOperations: () => readonly UsedOperation[];
  /** Prepares operations before anybody asks them here. */
  readonly warm: (operations: readonly UsedOperation[]) => Promise<void>;
  /** Answers a router that asks one of the subgraphs. */
  readonly answerSubgraph: (name: string, request: FrontRequest) => Promise<FrontResponse>;
  readonly stop: () => Promise<void>;
}
