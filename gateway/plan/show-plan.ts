import { prettyFormatQueryPlan, type QueryPlan } from '@apollo/query-planner';
import { contextPathsOf, type ContextPath } from './steps/context-paths.ts';
import { stepsOf } from './steps/plan-step.ts';

/** A plan as Apollo prints it, and from where its fetches have their contextual arguments, which that leaves out. */
export function showPlan(plan: QueryPlan): string {
  const { node } = plan;
  const notes = ((node && stepsOf(node)) ?? []).flatMap(({ fetch, path }) => {
    const sources = groupByContext(contextPathsOf(fetch));
    return [...sources].map(([context, ways]) => {
      const types = [...new Set(ways.flatMap(typesIn))].join(' or ');
      return `${path.join('.')}: ${context}${types && ` of ${types}`}`;
    });
  });
  const printed = prettyFormatQueryPlan(plan);
  return notes.length === 0 ? printed : [printed, ...new Set(notes)].join('\n');
}

function contextOf({ variable, levelsUp, steps }: ContextPath): string {
  const names = steps.flatMap(({ kind, name }) => (kind === 'field' ? [name] : []));
  return `$${variable} is ${'../'.repeat(levelsUp)}${names.join('/')}`;
}

function typesIn({ steps }: ContextPath): readonly string[] {
  return steps.flatMap(({ kind, name }) => (kind === 'type' ? [name] : []));
}

function groupByContext(ways: readonly ContextPath[]): ReadonlyMap<string, readonly ContextPath[]> {
  const groups = new Map<string, readonly ContextPath[]>();
  for (const way of ways) {
    const context = contextOf(way);
    groups.set(context, [...(groups.get(context) ?? []), way]);
  }
  return groups;
}
