import { describe, expect, it } from 'vitest';
import { Distribution } from './distribution.ts';
import { MetricPage } from './metric-page.ts';

describe('a page of metrics', () => {
  it('shows a distribution as a histogram, whose buckets add up', async () => {
    const widths = new Distribution([1, 2, 4]);
    for (const width of [1, 1, 2, 3, 4, 9]) widths.add(width);
    const page = new MetricPage();
    page.histogram('widths', 'How wide.')({ lane: 'point' }, widths);
    expect(await page.text()).toBe(
      [
        '# HELP widths How wide.',
        '# TYPE widths histogram',
        'widths_bucket{le="1",lane="point"} 2',
        'widths_bucket{le="2",lane="point"} 3',
        'widths_bucket{le="4",lane="point"} 5',
        'widths_bucket{le="+Inf",lane="point"} 6',
        'widths_sum{lane="point"} 20',
        'widths_count{lane="point"} 6',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what has no value, and lets no label break out of its quotes', async () => {
    const page = new MetricPage();
    const lag = page.gauge('lag_seconds', 'How late.', ['name']);
    lag({ name: 'nobody knows' }, null);
    lag({ name: 'a "b" \\ c\nd' }, 1.5);
    page.counter('done_total', 'What was done.', ['name'])({ name: 'x' }, 3);
    const lines = (await page.text()).split('\n');
    expect(lines).toContain(String.raw`lag_seconds{name="a \"b\" \\ c\nd"} 1.5`);
    expect(lines).toContain('done_total{name="x"} 3');
    expect(lines.join()).not.toContain('nobody');
  });

  it('has nothing of another page', async () => {
    new MetricPage().counter('a_total', 'A.')({}, 1);
    expect(await new MetricPage().text()).toBe('\n');
  });
});

describe('a distribution', () => {
  it('counts a value that is a bound as within it, and what is above all of them last', () => {
    const values = new Distribution([0.5, 1]);
    for (const value of [0, 0.5, 0.6, 1, 1.1, Infinity]) values.add(value);
    expect([...values.counts]).toEqual([2, 2, 2]);
    expect(values.count).toBe(6);
  });
});
