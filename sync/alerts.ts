import { createHmac } from 'node:crypto';
import type { Clock } from '../foundation/clock.ts';
import type { HttpSend } from '../foundation/http-send.ts';
import type { Log } from '../foundation/log.ts';
import type { Scheduler } from '../foundation/scheduler.ts';
import type { Lake } from '../lake/engine.ts';
import { pause, within } from './schedule/pause.ts';
import type { Freshness } from './sync-service.ts';
import { readStates, recordAlert } from './sync-state.ts';
import { changesNothing } from '../lake/versions.ts';

/** Where it is told that a table is too old, and that it is young enough again. */
export interface AlertSettings {
  readonly url: string;
  /** `whsec_` and a secret in base64, as Standard Webhooks has it. */
  readonly secret: string;
}

interface AlertOptions {
  readonly lake: Lake;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: (key: string) => number;
  readonly send: HttpSend;
  readonly log: Log;
  readonly settings: AlertSettings | undefined;
  readonly onBroken: ((freshness: Freshness) => void) | undefined;
  readonly onRestored: ((freshness: Freshness) => void) | undefined;
  readonly signal: AbortSignal;
}

const mostAttempts = 5;
const timeoutMs = 10_000;
const maxAnswerBytes = 65_536;

/**
 * Tells once when a table breaks its objective, and once when it keeps to it again. It is remembered in the lake
 * before it is told, so that a restart tells nothing twice.
 */
export class Alerts {
  readonly #options: AlertOptions;
  readonly #sending = new Set<Promise<void>>();

  constructor(options: AlertOptions) {
    this.#options = options;
  }

  async look(tables: readonly Freshness[]): Promise<void> {
    const { lake, clock, log, onBroken, onRestored } = this.#options;
    const states = await readStates(lake);
    for (const freshness of tables) {
      const { domain, table } = freshness;
      const state = states.find((one) => one.domain === domain && one.table === table);
      const alertedAt = state?.alertedAt ?? null;
      const isBroken = breaksObjective(freshness);
      if (isBroken === (alertedAt !== null)) continue;
      const now = clock.now();
      await lake.write((tx) => recordAlert(tx, freshness, isBroken ? now : null), changesNothing);
      log[isBroken ? 'warn' : 'info'](
        {
          domain,
          table,
          lagSeconds: freshness.lagSeconds,
          objectiveSeconds: freshness.objectiveSeconds,
        },
        isBroken ? 'a table is older than its objective allows' : 'a table is young enough again',
      );
      (isBroken ? onBroken : onRestored)?.(freshness);
      const sending = this.#tell(freshness, isBroken ? 'DomainStale' : 'DomainFresh', now);
      this.#sending.add(sending);
      void sending.finally(() => this.#sending.delete(sending));
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #tell(freshness: Freshness, type: string, now: Date): Promise<void> {
    const { settings, scheduler, random, signal, log } = this.#options;
    if (settings === undefined) return;
    const { domain, table } = freshness;
    const id = `${type}:${domain}.${table}:${now.getTime()}`;
    const body = JSON.stringify({
      specversion: '1.0',
      id,
      source: `/sync/${domain}`,
      type,
      subject: `${domain}.${table}`,
      time: now.toISOString(),
      datacontenttype: 'application/json',
      data: freshness,
    });
    for (let attempt = 1; !signal.aborted; attempt++) {
      const problem = await this.#post(settings, id, body);
      if (problem === undefined) return;
      if (attempt === mostAttempts) {
        log.error({ domain, table, type, problem }, 'nobody could be told of the age of a table');
        return;
      }
      const waitMs = 1_000 * 4 ** attempt * (0.5 + random(`alert:${id}:${attempt}`));
      await pause(scheduler, waitMs, signal).catch(() => undefined);
    }
  }

  /** What went wrong; undefined when the alert was taken. */
  async #post(
    { url, secret }: AlertSettings,
    id: string,
    body: string,
  ): Promise<string | undefined> {
    const { clock, scheduler, send, signal } = this.#options;
    const seconds = Math.floor(clock.now().getTime() / 1_000);
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatureOf(secret, `${id}.${seconds}.${body}`),
    };
    try {
      const { status } = await within(scheduler, timeoutMs, signal, (ours) =>
        send({ method: 'POST', url, headers, body, signal: ours, maxAnswerBytes }),
      );
      return status >= 200 && status < 300 ? undefined : `the status is ${status}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** A table that never was synced breaks it as soon as that has failed. */
function breaksObjective({ state, objectiveSeconds, lastError }: Freshness): boolean {
  return (
    state === 'STALE' || (state === 'NEVER' && objectiveSeconds !== null && lastError !== null)
  );
}

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function signatureOf(secret: string, content: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}
