import { describe, expect, it } from 'vitest';
import { EarlyEnd, toAbortSignal } from './early-end.ts';

const gone = new Error('gone');

describe('an early end', () => {
  it('is told to all who listen, once, with its first reason', () => {
    const end = new EarlyEnd();
    const told: unknown[] = [];
    const stopped = (): number => told.push('never');
    end.addEventListener('abort', () => told.push(end.reason));
    end.addEventListener('abort', stopped);
    end.addEventListener('abort', () => told.push(end.aborted));
    end.removeEventListener('abort', stopped);
    end.throwIfAborted();
    end.come(gone);
    end.come(new Error('later'));
    expect(told).toEqual([gone, true]);
    expect(() => end.throwIfAborted()).toThrow(gone);
  });

  it('may have listeners that stop listening when they hear of it', () => {
    const end = new EarlyEnd();
    const told: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      const listener = (): void => {
        told.push(name);
        end.removeEventListener('abort', listener);
      };
      end.addEventListener('abort', listener);
    }
    end.come(gone);
    expect(told).toEqual(['first', 'second', 'third']);
  });

  it.each(['before', 'after'])('is one of an AbortSignal that was asked for %s it came', (when) => {
    const end = new EarlyEnd();
    const early = when === 'before' ? toAbortSignal(end) : undefined;
    end.come(gone);
    const signal = early ?? toAbortSignal(end);
    expect([signal.aborted, signal.reason]).toEqual([true, gone]);
    expect(toAbortSignal(end)).toBe(signal);
  });

  it('is asked of an AbortSignal in the same way', () => {
    const { signal } = new AbortController();
    expect(toAbortSignal(signal)).toBe(signal);
  });
});
