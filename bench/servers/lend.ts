/**
 * Lends each of some things to one piece of work at a time; who comes while none is free waits in line. A connection
 * to the lake serves one query at a time, and with more of them than cores the queries only get in each other's way.
 */
export function lender<Thing>(
  idle: Thing[],
): <Result>(work: (thing: Thing) => Promise<Result>) => Promise<Result> {
  const waiting: ((thing: Thing) => void)[] = [];
  return async (work) => {
    const thing = idle.pop() ?? (await new Promise<Thing>((resolve) => waiting.push(resolve)));
    try {
      return await work(thing);
    } finally {
      const next = waiting.shift();
      if (next === undefined) idle.push(thing);
      else next(thing);
    }
  };
}
