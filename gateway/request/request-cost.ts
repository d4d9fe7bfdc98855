import type { FrontRequest, OperationFacts } from '../http/route.ts';

/** What a request is expected to cost, once that is known. */
export class RequestCost {
  /** Whether the answer says it. */
  readonly isTold: boolean;
  readonly #noteFacts: FrontRequest['noteFacts'];
  #estimated: number | undefined;

  constructor(isTold: boolean, noteFacts: FrontRequest['noteFacts']) {
    this.isTold = isTold;
    this.#noteFacts = noteFacts;
  }

  get estimated(): number | undefined {
    return this.#estimated;
  }

  note(cost: number, operation: OperationFacts): void {
    this.#estimated = cost;
    this.#noteFacts?.({ cost, operation });
  }
}
