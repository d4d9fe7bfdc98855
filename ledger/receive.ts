import { newRow, isSame, updatedRow } from './decided-row.ts';
import {
  findTwin,
  readNewKey,
  unknownEntity,
  write,
  type CommandOf,
  type Decision,
} from './decision.ts';
import type { EntityState } from './group-state.ts';
import { stampTimeMs } from './hybrid-clock.ts';
import type { Outcome, Problem } from './identity-command.ts';
import { joined, keyRowOf, outcomeOf, refused } from './outcome.ts';
import { readFields, readKey } from './read-input.ts';

/** What another tool did; the newer of two wins, by the stamps of those who made them. */
export function receive(command: CommandOf<'receive'>, decision: Decision): Outcome {
  const { shape, state, draft } = decision;
  const timeMs = stampTimeMs(command.stamp);
  if (timeMs === undefined) return refused([skewed('the time stamp cannot be read')]);
  if (timeMs > decision.nowMs + decision.maxSkewMs)
    return refused([
      skewed(
        `the time stamp ${command.stamp} is more than ${decision.maxSkewMs / 1_000} s ahead of our clock`,
      ),
    ]);
  const key =
    command.change === 'create'
      ? readNewKey(command.key ?? {}, decision)
      : readKey(shape, command.key ?? {});
  if (key.kind === 'refused') return refused(key.problems);
  const own = state.find(shape.entity.name, key.value.text);
  const known = state.resolve(shape.entity.name, key.value.text);
  const isAlias = own?.mergedInto !== undefined;
  const current = known ?? unknownEntity(shape, key.value.text);
  if (command.stamp <= current.stamp)
    return { ...outcomeOf('stale', current, shape), sequence: undefined };
  if (command.change === 'delete') {
    // Whoever removes what was merged away removes nothing of the one that stayed.
    if (isAlias) return outcomeOf('unchanged', current, shape);
    const gone = draft.begin(command.origin);
    draft.hear(command.stamp);
    return write(current, null, gone, decision, command.stamp);
  }
  const isComplete = current.row === null;
  const fields = readFields(shape, command.fields, { isComplete, passesOver: true });
  if (fields.kind === 'refused') return refused(fields.problems);
  // An id that led to one which is gone brings that one back, under its own key.
  const given = { ...fields.value, ...keyRowOf(current.key, shape) };
  if (current.row === null) {
    const twin = findTwin(given, current.key, decision);
    if (twin !== undefined) return join(current, twin, command, decision);
  }
  const moment = draft.begin(command.origin);
  draft.hear(command.stamp);
  const row =
    current.row === null
      ? newRow(shape, given, moment)
      : updatedRow(shape, { ...current.row, ...fields.value }, moment);
  const isUnchanged =
    current.row !== null && isSame(current.row, { ...current.row, ...fields.value });
  if (isUnchanged) {
    // What is older than this, and comes later, is late all the same.
    state.putStamp(current, command.stamp);
    return outcomeOf('unchanged', current, shape);
  }
  return write(current, row, moment, decision, command.stamp);
}

/** Two tools made the same one at once: the later id leads to the one that is there, and everybody hears of it. */
function join(
  alias: EntityState,
  twin: EntityState,
  command: CommandOf<'receive'>,
  decision: Decision,
): Outcome {
  const { shape } = decision;
  const isOwnId = shape.keyFields.every(({ name }) => command.key?.[name] !== undefined);
  if (!isOwnId) return joined(twin, shape);
  const origin = { actor: 'tributary', source: 'tributary/match', cause: command.origin.cause };
  const moment = decision.draft.begin(origin);
  write(alias, null, moment, decision, undefined, twin.key);
  return joined(twin, shape);
}

function skewed(problem: string): Problem {
  return { code: 'CLOCK_SKEW', message: `${problem}. Set the sender's clock.` };
}
