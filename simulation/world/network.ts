import type { HttpAnswer, HttpRequest, HttpSend } from '../../foundation/http-send.ts';
import type { Chance } from './chance.ts';
import { deferred } from './deferred.ts';
import type { Lifetime, VirtualTime } from './virtual-time.ts';

/** What stands behind an address. */
export type Host = (request: HttpRequest) => Promise<HttpAnswer>;

/** How the way to a host is at present. */
export interface Weather {
  /** Nothing gets through until then, by the time that only goes forward. */
  downUntilMs: number;
  /** Shares of requests. */
  lostBefore: number;
  lostAfter: number;
  twice: number;
  slow: number;
}

export const fair: Weather = { downUntilMs: 0, lostBefore: 0, lostAfter: 0, twice: 0, slow: 0 };

/**
 * A network that loses requests on the way there, answers on the way back, brings some twice and some late. What a host
 * has heard, it has heard, also when the answer is lost.
 */
export class Network {
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #onBroken: (error: unknown) => void;
  readonly #hosts = new Map<string, Host>();
  readonly #weather = new Map<string, Weather>();
  readonly #open = new Set<{ readonly lifetime: Lifetime }>();

  /** @param onBroken told what a host throws, which none may */
  constructor(time: VirtualTime, chance: Chance, onBroken: (error: unknown) => void) {
    this.#time = time;
    this.#chance = chance;
    this.#onBroken = onBroken;
  }

  /** Requests whose sender waits still. */
  get underWay(): number {
    return [...this.#open].filter(({ lifetime }) => !lifetime.isOver).length;
  }

  get hosts(): readonly string[] {
    return [...this.#hosts.keys()];
  }

  add(name: string, host: Host): void {
    this.#hosts.set(name, host);
    this.#weather.set(name, { ...fair });
  }

  setWeather(name: string, weather: Partial<Weather>): void {
    this.#weather.set(name, { ...fair, ...weather });
  }

  clearUp(): void {
    for (const name of this.#hosts.keys()) this.#weather.set(name, { ...fair });
  }

  /** The network as a process sees it that may die meanwhile. */
  sendFor(lifetime: Lifetime): HttpSend {
    return (request) => this.#send(request, lifetime);
  }

  #send(request: HttpRequest, lifetime: Lifetime): Promise<HttpAnswer> {
    const answer = deferred<HttpAnswer>();
    const { hostname } = new URL(request.url);
    const host = this.#hosts.get(hostname);
    const weather = this.#weather.get(hostname) ?? fair;
    const chance = this.#chance;
    const open = { lifetime };
    this.#open.add(open);
    const end = (tell: () => void): void => {
      if (this.#open.delete(open)) tell();
    };
    const fail = (problem: string): void =>
      end(() => answer.reject(new Error(`${hostname}: ${problem}`)));
    request.signal.addEventListener('abort', () => fail('given up'), { once: true });
    const delayMs =
      chance.between(1, 40) + (chance.happens(weather.slow) ? chance.between(2_000, 25_000) : 0);
    if (
      host === undefined ||
      this.#time.monotonicMs() < weather.downUntilMs ||
      chance.happens(weather.lostBefore)
    ) {
      lifetime.after(delayMs, () => fail('no connection'));
      return answer.promise;
    }
    const isLost = chance.happens(weather.lostAfter);
    const backMs = chance.between(1, 40);
    const arrive = (tell: (answered: HttpAnswer) => void): void => {
      host(request).then(tell, this.#onBroken);
    };
    // What is on its way arrives, whatever becomes of its sender.
    this.#time.after(delayMs, () =>
      arrive((answered) => {
        if (isLost) lifetime.after(backMs, () => fail('the connection broke'));
        else lifetime.after(backMs, () => end(() => answer.resolve(answered)));
      }),
    );
    if (chance.happens(weather.twice))
      this.#time.after(delayMs + chance.between(1, 9_000), () => arrive(() => undefined));
    return answer.promise;
  }
}
