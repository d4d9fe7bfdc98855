import type { Chance } from './chance.ts';
import type { Services } from './hub.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Something that a tool wants of the hub. */
export interface Wish<Answer> {
  readonly ask: (services: Services) => Promise<Answer>;
  /** Told once, with the first answer that gets through. */
  readonly hear?: ((answer: Answer) => void) | undefined;
  /** Asked again until an answer gets through; otherwise tried once. */
  readonly isRepeated: boolean;
}

interface OpenWish {
  readonly wish: Wish<unknown>;
  attempt: number;
}

/** The way from tools to the hub: answers get lost, the hub may be away, and whoever did not hear asks again. */
export class Line {
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #services: () => Services | undefined;
  readonly #open = new Set<OpenWish>();
  /** The share of answers that get lost. */
  lostAnswers = 0;

  constructor(time: VirtualTime, chance: Chance, services: () => Services | undefined) {
    this.#time = time;
    this.#chance = chance;
    this.#services = services;
  }

  /** Wishes that wait for their answers. */
  get openCount(): number {
    return this.#open.size;
  }

  ask<Answer>(wish: Wish<Answer>): void {
    const open: OpenWish = { wish: wish as Wish<unknown>, attempt: 0 };
    this.#open.add(open);
    this.#attempt(open);
  }

  /** The hub is no more: whoever waits for it learns that by and by. */
  hubDied(): void {
    for (const open of this.#open) this.#again(open);
  }

  #attempt(open: OpenWish): void {
    const { wish } = open;
    const attempt = ++open.attempt;
    const services = this.#services();
    if (services === undefined) {
      this.#again(open);
      return;
    }
    const isOver = (): boolean => open.attempt !== attempt || !this.#open.has(open);
    wish.ask(services).then(
      (answer) => {
        if (isOver()) return undefined;
        if (this.#chance.happens(this.lostAnswers)) return this.#again(open);
        return this.#end(open, answer);
      },
      () => {
        if (!isOver()) this.#again(open);
      },
    );
  }

  #again(open: OpenWish): void {
    if (!open.wish.isRepeated) {
      this.#open.delete(open);
      return;
    }
    const attempt = ++open.attempt;
    this.#time.after(this.#chance.between(50, 8_000), () => {
      if (open.attempt === attempt) this.#attempt(open);
    });
  }

  #end(open: OpenWish, answer: unknown): void {
    this.#open.delete(open);
    open.wish.hear?.(answer);
  }
}
