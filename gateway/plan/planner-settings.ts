/**
 * Settings of Apollo's planner. At each level that two subgraphs can answer, the ways to a field below them double,
 * and those through interface objects multiply by themselves; the planner weighs all of them. An ordinary question has
 * less than ten. These bound how many it looks at, the best of them at first, and so what they take of memory; its
 * time is bounded by who calls it. A tenth of the plans that it would weigh by itself made none worse that we could
 * find, and takes a tenth of the time.
 */
export const plannerSettings = { debug: { pathsLimit: 5_000, maxEvaluatedPlans: 1_000 } };
