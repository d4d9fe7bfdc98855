/**
 * A handler throws it to refuse a change that its tool must not have. Tributary takes the change back for everybody,
 * if the subscriber may veto and the window is still open.
 */
export class Veto extends Error {
  override readonly name = 'Veto';
  /** For the people who made the change. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}
