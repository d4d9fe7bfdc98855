import { parentPort, workerData } from 'node:worker_threads';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse } from 'graphql';
import { withinTime } from '../../foundation/within-time.ts';
import { SubgraphFields } from '../../registry/subgraph-fields.ts';
import { toFailure, type PlanOutcome, type PlanQuestion } from './plan-messages.ts';
import { plannerSettings } from './planner-settings.ts';
import type { NarrowedFields } from '../../registry/narrowed-fields.ts';
import { makePlan } from './make-plan.ts';

/** What runs in the planning thread: the same planner over the same supergraph as in the gateway, which has checked it. */
const { supergraphSdl, narrowed, longestMs } = workerData as PlanningThreadData;
const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false });
const planner = new QueryPlanner(supergraph, plannerSettings);
const apiSchema = supergraph.apiSchema();
const fields = new SubgraphFields(parse(supergraphSdl));

export interface PlanningThreadData {
  readonly supergraphSdl: string;
  readonly narrowed: NarrowedFields;
  readonly longestMs: number;
}

function plan({ document, operationName, labels }: PlanQuestion): PlanOutcome {
  try {
    const json = withinTime(longestMs, () => {
      const operation = operationFromDocument(apiSchema, parse(document, { noLocation: true }), {
        ...(operationName !== undefined && { operationName }),
      });
      const overrideConditions = new Map(labels.map((label) => [label, true]));
      const build = planner.buildQueryPlan.bind(planner);
      const question = [operation, { overrideConditions }] as const;
      return JSON.stringify(makePlan(build, [...question], { fields, narrowed }));
    });
    return { kind: 'planned', json };
  } catch (error) {
    return { kind: 'failed', failure: toFailure(error) };
  }
}

function tell(outcome: PlanOutcome): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(outcome);
}

parentPort?.on('message', (question: PlanQuestion) => tell(plan(question)));
tell({ kind: 'ready' });
