import type { Clock } from '../../foundation/clock.ts';
import type { HttpSend } from '../../foundation/http-send.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';
import type { Lake } from '../../lake/engine.ts';
import type { TableSync } from '../declaration/sync-declaration.ts';
import { DropFolder } from './folder-source.ts';
import { HttpRows } from './http-source.ts';
import { PostgresTable } from './postgres-source.ts';
import type { Source } from './source.ts';

interface SourceOptions {
  readonly lake: Lake;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: (key: string) => number;
  readonly send: HttpSend;
}

export function openSource(sync: TableSync, options: SourceOptions): Source {
  const { domain, table, source, watermark } = sync;
  const { lake, clock, scheduler, send, random } = options;
  switch (source.kind) {
    case 'folder':
      return new DropFolder({ domain, table, source, lake, clock, scheduler });
    case 'http':
      return new HttpRows({ source, watermark, send, scheduler, random });
    case 'postgres':
      return new PostgresTable({ sync, source, scheduler });
    case 'push':
      throw new TypeError(`Rows of ${domain}.${table} are pushed, not fetched.`);
  }
}
