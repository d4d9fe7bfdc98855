import type { EndSignal } from '../../foundation/early-end.ts';
import type { StatementTrace } from '../../lake/engine.ts';
import type { LakeModel } from '../../mapping/model.ts';
import type { KeyRedirects } from '../../wire/lead-key.ts';
import type { HubSchema } from '../derive/derive-hub.ts';
import type { HubLimits } from '../limits.ts';
import type { FilterBudget } from '../question/filter-budget.ts';
import type { ShapeContext } from '../shape/shape-context.ts';
import type { Projections } from '../sql/projections.ts';
import type { AnswerReads } from './answer-reads.ts';
import type { HubReader } from './hub-reader.ts';
import type { JoinedLookups } from './joined-lookups.ts';
import type { RowBudget } from './row-budget.ts';
import type { RowsRead } from './rows-read.ts';

/** What the running of one operation has at hand. */
export interface RunContext {
  readonly model: LakeModel;
  readonly projections: Projections;
  /** By entity: what is searched where a question names no fields. */
  readonly searchedFields: HubSchema['searchedFields'];
  readonly limits: HubLimits;
  /** What the filters of all fields may ask together. */
  readonly filters: FilterBudget;
  /** Where keys of merged entities lead. */
  readonly redirects: KeyRedirects | undefined;
  readonly reader: HubReader;
  /** Look-ups that are joined with those of other requests; undefined where each statement is to be told of. */
  readonly joined: JoinedLookups | undefined;
  /** Told of statements that are joined; undefined where nobody wants to know. */
  readonly observe: StatementTrace | undefined;
  /** Gathers what the answer is made of; undefined where it is not to be kept. */
  readonly reads: AnswerReads | undefined;
  /** Ends the request. */
  readonly signal: EndSignal | undefined;
  /** The way to the lake for statements that look at whole tables. */
  readonly rowsRead: RowsRead;
  /** As `getVariableValues` gives them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly shape: ShapeContext;
  /** Whether values of the answer may be JSON text. */
  readonly takesJsonText: boolean;
  /** Rows that were fetched; `shape` counts the objects that are made of them. */
  readonly budget: RowBudget;
}
