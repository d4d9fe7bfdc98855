/** What `/metrics` said at one moment. */
export interface Scrape {
  /** The names of the metrics that have a value, without the endings of histograms. */
  readonly names: ReadonlySet<string>;
  /** By name and labels, such as `x_total{a="1"}`. */
  readonly values: ReadonlyMap<string, number>;
  /** Of all series of the name whose labels are among others these; 0 where there is none. */
  readonly sum: (name: string, labels?: Readonly<Record<string, string>>) => number;
}

export async function scrape(url: string): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`);
  if (response.status !== 200) throw new Error(`GET /metrics: ${response.status}`);
  const values = new Map<string, number>();
  const names = new Set<string>();
  const histograms = new Set<string>();
  for (const line of (await response.text()).split('\n')) {
    const [, histogram] = /^# TYPE (\S+) histogram$/.exec(line) ?? [];
    if (histogram !== undefined) histograms.add(histogram);
    const [, series = '', name = '', value] = /^(([\w:]+)(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    if (line.startsWith('#') || value === undefined) continue;
    values.set(series, Number(value));
    const base = name.replace(/_(bucket|sum|count)$/, '');
    names.add(histograms.has(base) ? base : name);
  }
  const sum: Scrape['sum'] = (name, labels = {}) => {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    let total = 0;
    for (const [series, value] of values) {
      const isOfName = series === name || series.startsWith(`${name}{`);
      if (isOfName && wanted.every((label) => series.includes(label))) total += value;
    }
    return total;
  };
  return { names, values, sum };
}
