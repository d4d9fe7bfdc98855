import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { withinTime } from '../../../foundation/within-time.ts';
import { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { makePlan, type BuildPlan } from '../make-plan.ts';
import {
  toFailure,
  type PlannerMessage,
  type PlannerSupergraph,
  type PlanOutcome,
  type PlanQuestion,
} from './plan-messages.ts';
import { plannerSettings } from '../planner-settings.ts';

/**
 * What runs in the planner's process: the same planner over the same supergraph as in the gateway, which has checked
 * it. The supergraph comes first, questions after it.
 */
let plan: ((question: PlanQuestion) => PlanOutcome) | undefined;

function planner({ supergraphSdl, narrowed, longestMs }: PlannerSupergraph): typeof plan {
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
  const queryPlanner = new QueryPlanner(supergraph, plannerSettings);
  const apiSchema = supergraph.apiSchema();
  const fields = new SubgraphFields(parse(supergraphSdl));
  const build: BuildPlan = queryPlanner.buildQueryPlan.bind(queryPlanner);
  return ({ document, operationName, labels }) => {
    try {
      const json = withinTime(longestMs, () => {
        const operation = operationFromDocument(apiSchema, parse(document, { noLocation: true }), {
          ...(operationName !== undefined && { operationName }),
        });
        const overrideConditions = new Map(labels.map((label) => [label, true]));
        const question: Parameters<BuildPlan> = [operation, { overrideConditions }];
        return JSON.stringify(makePlan(build, question, { fields, narrowed }));
      });
      return { kind: 'planned', json };
    } catch (error) {
      return { kind: 'failed', failure: toFailure(error) };
    }
  };
}

function tell(outcome: PlanOutcome): void {
  process.send?.(outcome);
}

process.on('message', (message: PlannerMessage) => {
  if (message.kind === 'question') {
    if (plan !== undefined) tell(plan(message));
    return;
  }
  plan = planner(message);
  tell({ kind: 'ready' });
});

// Who ends the server at a terminal ends all that belongs to it; the server has answers to finish, and ends this one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
