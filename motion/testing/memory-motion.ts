import type { FieldValues } from '../../ledger/identity-command.ts';
import type { MotionServices } from '../motion-services.ts';
import { MemoryEvents } from './memory-events.ts';
import { MemorySync } from './memory-sync.ts';

/** Everything that moves, in memory. */
export class MemoryMotion implements MotionServices {
  readonly events = new MemoryEvents();
  readonly sync = new MemorySync();
  /** By the text of a key. */
  readonly versions = new Map<string, number>();
  groups: { readonly value: string; readonly keys: readonly FieldValues[] }[] = [];
  /** How often versions were looked up. */
  versionQuestions = 0;

  readonly feed = { head: 42 };

  versionOf(_entity: string, keys: readonly FieldValues[]) {
    this.versionQuestions += 1;
    return Promise.resolve(
      keys.map((key) => this.versions.get(Object.values(key).join(' ')) ?? null),
    );
  }

  duplicates(_entity: string, first: number) {
    return Promise.resolve(this.groups.slice(0, first));
  }
}
