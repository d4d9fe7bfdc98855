import { Counter, Gauge, Registry, type Metric } from 'prom-client';
import type { Distribution } from './distribution.ts';

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

/** The values of labels by their names; an empty value is none. */
export type Labels = Readonly<Record<string, string>>;

/** Gives a metric its value for some labels; null has none. */
export type SetNumber = (labels: Labels, value: number | null) => void;

export type SetDistribution = (labels: Labels, values: Distribution) => void;

/**
 * One answer for Prometheus, in its text format. The numbers are read when they are asked for and kept nowhere, so
 * each answer is a page of its own: what is gone leaves no trace in the next one.
 */
export class MetricPage {
  readonly #registry = new Registry();
  readonly #others: Registry[] = [];

  gauge(name: string, help: string, labelNames: readonly string[] = []): SetNumber {
    const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: this.#own });
    return (labels, value) => {
      if (value !== null) gauge.set({ ...labels }, value);
    };
  }

  /** @param name ends with `_total` */
  counter(name: string, help: string, labelNames: readonly string[] = []): SetNumber {
    const counter = new Counter({ name, help, labelNames: [...labelNames], registers: this.#own });
    return (labels, value) => {
      if (value !== null) counter.inc({ ...labels }, value);
    };
  }

  histogram(name: string, help: string): SetDistribution {
    const values: HistogramValue[] = [];
    // The library's own histogram takes single values only; these were counted before.
    const metric = {
      name,
      help,
      type: 'histogram',
      get: () => Promise.resolve({ ...metric, values }),
    };
    this.#registry.registerMetric(metric as unknown as Metric);
    return (labels, distribution) => void values.push(...valuesOf(name, labels, distribution));
  }

  /** Adds what is kept elsewhere, which has other names. */
  include(registry: Registry): void {
    this.#others.push(registry);
  }

  async text(): Promise<string> {
    const texts = [this.#registry, ...this.#others].map((registry) => registry.metrics());
    return (await Promise.all(texts)).join('\n');
  }

  get #own(): [Registry] {
    return [this.#registry];
  }
}

interface HistogramValue {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

function valuesOf(
  name: string,
  labels: Labels,
  { bounds, counts, sum }: Distribution,
): readonly HistogramValue[] {
  let count = 0;
  const buckets = [...counts].map((found, place): HistogramValue => {
    count += found;
    const le = String(bounds[place] ?? '+Inf');
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
