import type { Graph } from './build-graph.ts';

/** A graph in service, and how many requests it is answering. */
interface Generation {
  readonly graph: Graph;
  inFlight: number;
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
    this.#generation = { graph, inFlight: 0, retire: undefined };
  }

  get supergraphSdl(): string {
    return this.#generation.graph.supergraphSdl;
  }

  /** Does some work with the graph of now, which stays in service until the work is done. */
  async use<Result>(work: (graph: Graph) => Promise<Result>): Promise<Result> {
    const generation = this.#generation;
    generation.inFlight++;
    try {
      return await work(generation.graph);
    } finally {
      generation.inFlight--;
      if (generation.inFlight === 0) await generation.retire?.();
    }
  }

  /** Puts another graph into service; resolves when the former one has answered its last request and was stopped. */
  async replace(graph: Graph): Promise<void> {
    const former = this.#generation;
    this.#generation = { graph, inFlight: 0, retire: undefined };
    await retire(former);
  }

  /** Stops the graph once it has answered what it is answering. */
  async stop(): Promise<void> {
    await retire(this.#generation);
  }
}

function retire(generation: Generation): Promise<void> {
  return new Promise((resolve, reject) => {
    generation.retire = () => generation.graph.stop().then(resolve, reject);
    if (generation.inFlight === 0) void generation.retire();
  });
}
