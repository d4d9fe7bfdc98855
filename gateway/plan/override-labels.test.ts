import { describe, expect, it } from 'vitest';
import { decideLabels } from './override-labels.ts';

describe('the labels of overrides', () => {
  const decide = (labels: readonly string[], drawn: readonly number[] = []) => {
    const left = [...drawn];
    const held = decideLabels(labels, {
      settings: { labels: ['set'] },
      random: () => left.shift() ?? 1,
      named: ['named'],
    });
    return [...held];
  };

  it('hold where the settings or the request name them', () => {
    expect(decide(['set', 'named', 'neither'])).toEqual(['set', 'named']);
  });

  it('hold for a part of all requests where they are percentages, each by its own draw', () => {
    const labels = ['percent(5)', 'percent(0.5)', 'percent(100)', 'percent(0)'];
    expect(decide(labels, [0.049, 0.0049, 0.999, 0])).toEqual([
      'percent(5)',
      'percent(0.5)',
      'percent(100)',
    ]);
    expect(decide(labels, [0.05, 0.005, 0.999, 0])).toEqual(['percent(100)']);
  });

  it('are no percentages where they only look like it', () => {
    expect(decide(['percent(x)', 'percent(5', ' percent(5)'], [0, 0, 0])).toEqual([]);
  });
});
