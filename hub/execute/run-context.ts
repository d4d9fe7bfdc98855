import type { LakeModel } from '../../mapping/model.ts';
import type { Projection } from '../../mapping/projection.ts';
import type { HubLimits } from '../limits.ts';
import type { ShapeContext } from '../shape/shape-context.ts';
import type { HubReader } from './hub-reader.ts';
import type { RowBudget } from './row-budget.ts';

/** What the running of one operation has at hand. */
export interface RunContext {
  readonly model: LakeModel;
  readonly projections: ReadonlyMap<string, Projection>;
  readonly limits: HubLimits;
  readonly reader: HubReader;
  /** As `getVariableValues` gives them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly shape: ShapeContext;
  readonly budget: RowBudget;
}
