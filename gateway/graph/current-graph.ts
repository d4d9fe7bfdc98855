import { setMaxListeners } from 'node:events';
import type { ExampleQuery } from '../../console/example-query.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { Graph } from './graph.ts';

/** A graph in service, and how many requests it is answering. */
interface Generation {
  readonly graph: Graph;
  inFlight: number;
  /** Aborted when another graph has taken over. */
  readonly replaced: AbortController;
  /** Set when another graph has taken over: what to do once the last request is answered. */
  retire: (() => Promise<void>) | undefined;
}

/**
 * The graph that answers now. Another one takes over between two requests: those that are under way are answered by
 * the graph that they began with, which is stopped after the last of them.
 */
export class CurrentGraph {
  #generation: Generation;

  constructor(graph: Graph) {
    this.#generation = generationOf(graph);
  }

  get supergraphSdl(): string {
    return this.#generation.graph.supergraphSdl;
  }

  get example(): ExampleQuery {
    return this.#generation.graph.example;
  }

  /** What the graph of now has kept, which takes no time during which another one could take over. */
  answerKept(request: FrontRequest): FrontResponse | undefined {
    return this.#generation.graph.answerKept(request);
  }

  /** Does some work with the graph of now, which stays in service until the work is done. */
  async use<Result>(
    work: (graph: Graph, replaced: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const generation = this.#generation;
    generation.inFlight++;
    try {
      return await work(generation.graph, generation.replaced.signal);
    } finally {
      generation.inFlight--;
      if (generation.inFlight === 0) await generation.retire?.();
    }
  }

  /** The operations that the graph of now was asked most often. */
  usedOperations(): ReturnType<Graph['usedOperations']> {
    return this.#generation.graph.usedOperations();
  }

  /** Puts another graph into service; resolves when the former one has answered its last request and was stopped. */
  async replace(graph: Graph): Promise<void> {
    const former = this.#generation;
    this.#generation = generationOf(graph);
    former.replaced.abort();
    await retire(former);
  }

  /** Stops the graph once it has answered what it is answering. */
  async stop(): Promise<void> {
    await retire(this.#generation);
  }
}

function generationOf(graph: Graph): Generation {
  const replaced = new AbortController();
  // Every subscription listens to it.
  setMaxListeners(0, replaced.signal);
  return { graph, inFlight: 0, replaced, retire: undefined };
}

function retire(generation: Generation): Promise<void> {
  return new Promise((resolve, reject) => {
    generation.retire = () => generation.graph.stop().then(resolve, reject);
    if (generation.inFlight === 0) void generation.retire();
  });
}
