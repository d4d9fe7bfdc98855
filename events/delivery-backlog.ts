import type { Clock } from '../foundation/clock.ts';
import type { Log } from '../foundation/log.ts';
import type { Change, ChangeFeed } from '../ledger/change.ts';
import type { LakeModel } from '../mapping/model.ts';
import { readLog, readSnapshotItems, type EventItem, type Place } from './delivery-source.ts';
import { DeliveryWindow } from './delivery-window.ts';
import type { EventSettings } from './event-settings.ts';
import { isWanted } from './is-wanted.ts';
import type { Standing } from './sagas.ts';
import type { DeliveryProgress, SubscriberRecord } from './subscriber-record.ts';
import type { EventLake } from './subscriber-store.ts';

export interface BacklogOptions {
  readonly lake: EventLake;
  readonly feed: ChangeFeed;
  readonly model: () => LakeModel;
  readonly clock: Clock;
  readonly settings: EventSettings;
  readonly log: Log;
}

/** After a read of the log or the snapshot failed. */
const readAgainMs = 1_000;

/**
 * What a subscriber is still to get: its snapshot first, where there is one, then the log from the place of the
 * snapshot on. The window on it is all that stands in memory; the lake holds the rest.
 */
export class DeliveryBacklog {
  readonly #options: BacklogOptions;
  readonly #record: () => SubscriberRecord;
  readonly #start: DeliveryProgress;
  #window: DeliveryWindow<Place, EventItem>;
  /** Up to here another process, or an earlier round, may have sent events. */
  #maybeSentUpTo: number;
  #isReading = false;
  #isSnapshotRead = false;
  #readAgainAtMs = 0;

  /** @param isNew nothing was ever sent of it */
  constructor(record: () => SubscriberRecord, isNew: boolean, options: BacklogOptions) {
    const { progress } = record();
    this.#options = options;
    this.#record = record;
    this.#start = progress;
    this.#window = new DeliveryWindow<Place, EventItem>(
      progress.snapshotPosition === null
        ? { kind: 'log', sequence: progress.position }
        : { kind: 'snapshot', cursor: progress.snapshotCursor },
    );
    this.#maybeSentUpTo = isNew ? progress.position : options.feed.head;
  }

  /** Another one after each jump. */
  get window(): DeliveryWindow<Place, EventItem> {
    return this.#window;
  }

  /** How far everything is done. */
  get progress(): Pick<DeliveryProgress, 'position' | 'snapshotPosition' | 'snapshotCursor'> {
    const done = this.#window.lowWater;
    const { position, snapshotPosition } = this.#start;
    return done.kind === 'log'
      ? { position: done.sequence, snapshotPosition: null, snapshotCursor: null }
      : { position, snapshotPosition, snapshotCursor: done.cursor };
  }

  /** Events that wait, about: of what was not read yet, everything in the log is counted. */
  get size(): number {
    const { readUpTo, size } = this.#window;
    const place = readUpTo.kind === 'log' ? readUpTo.sequence : this.#start.position;
    return size + Math.max(0, this.#options.feed.head - place);
  }

  /** How old the oldest event is that waits; 0 where none does. */
  get lagSeconds(): number {
    const oldest = this.#window.oldest?.change?.time;
    const nowMs = this.#options.clock.now().getTime();
    return oldest === undefined ? 0 : Math.max(0, nowMs - oldest.getTime()) / 1_000;
  }

  /** When a failed read is to be tried again. */
  get readAgainAtMs(): number {
    return this.#readAgainAtMs;
  }

  /** Goes on behind another place in the log. */
  jump(after: number): void {
    const { readUpTo } = this.#window;
    if (readUpTo.kind === 'log')
      this.#maybeSentUpTo = Math.max(this.#maybeSentUpTo, readUpTo.sequence);
    this.#window = new DeliveryWindow<Place, EventItem>({ kind: 'log', sequence: after });
  }

  /**
   * Fills the window when there is room; tells when it has changed. Few large reads are cheaper than many small ones,
   * so it is filled when half of it is done.
   */
  readMore(onRead: () => void): void {
    const { settings, feed, clock } = this.#options;
    const { size, readUpTo } = this.#window;
    if (this.#isReading || size * 2 > settings.windowSize) return;
    if (clock.monotonicMs() < this.#readAgainAtMs) return;
    if (readUpTo.kind === 'log' && readUpTo.sequence >= feed.head) return;
    if (readUpTo.kind === 'snapshot' && this.#isSnapshotRead) {
      if (size > 0) return;
      this.jump(this.#start.position);
      onRead();
      return;
    }
    this.#isReading = true;
    void this.#fill(settings.windowSize - size).then(onRead);
  }

  /** What the subscriber knows of a change of an identity. */
  knows(change: Change): Standing['knows'] {
    const record = this.#record();
    const { sequence } = change;
    if (!isWanted(change, record, this.#options.model())) return 'unwanted';
    const done = this.#window.lowWater;
    if (done.kind === 'snapshot') return sequence <= this.#start.position ? 'sent' : 'unsent';
    // Nobody knows whether it came with the snapshot of a subscriber that was not there yet.
    if (sequence <= done.sequence) return change.time < record.createdAt ? 'sent' : 'accepted';
    const entry = this.#window.find((item) => item.change?.sequence === sequence);
    if (entry?.state === 'done') return 'accepted';
    return entry?.isSent === true || sequence <= this.#maybeSentUpTo ? 'sent' : 'unsent';
  }

  async #fill(room: number): Promise<void> {
    const window = this.#window;
    const { readUpTo } = window;
    try {
      const { items, place, isEnd } = await this.#read(readUpTo, room);
      if (window === this.#window) {
        window.add(items, place);
        this.#isSnapshotRead = isEnd;
      }
      const isStuck = sequenceOf(place) === sequenceOf(readUpTo) && readUpTo.kind === 'log';
      if (isStuck) this.#wait();
    } catch (error) {
      this.#options.log.error(
        { err: error, subscriber: this.#record().id },
        'events were not read',
      );
      this.#wait();
    }
    this.#isReading = false;
  }

  #read(after: Place, room: number): ReturnType<typeof readLog> {
    const { lake, feed, model, settings } = this.#options;
    const record = this.#record();
    if (after.kind === 'log') return readLog(feed, after.sequence, room, record, model());
    const limit = Math.min(room, settings.snapshotPageSize);
    return readSnapshotItems(lake, record, after.cursor, limit, model());
  }

  #wait(): void {
    this.#readAgainAtMs = this.#options.clock.monotonicMs() + readAgainMs;
  }
}

function sequenceOf(place: Place): number | undefined {
  return place.kind === 'log' ? place.sequence : undefined;
}
