import type { Change } from './change.ts';
import { newRow, isSame, updatedRow } from './decided-row.ts';
import {
  findLive,
  findTwin,
  readNewKey,
  unknownEntity,
  write,
  type CommandOf,
  type Decision,
} from './decision.ts';
import type { EntityState } from './group-state.ts';
import type { IdentityCommand, Outcome } from './identity-command.ts';
import { matchValueOf } from './match-value.ts';
import { exists, joined, outcomeOf, refused, taken } from './outcome.ts';
import { readFields } from './read-input.ts';
import { receive } from './receive.ts';

/** Decides one command upon the state, and notes what it does there and in the log. Nothing else happens here. */
export function decide(command: IdentityCommand, decision: Decision): Outcome {
  switch (command.kind) {
    case 'create':
      return create(command, decision);
    case 'update':
      return update(command, decision);
    case 'delete':
      return remove(command, decision);
    case 'receive':
      return receive(command, decision);
    case 'merge':
      return merge(command, decision);
    case 'reverse':
      return reverse(command, decision);
  }
}

function create(command: CommandOf<'create'>, decision: Decision): Outcome {
  const { shape, state, draft } = decision;
  const fields = readFields(shape, command.fields, { isComplete: true, passesOver: false });
  const key = readNewKey(command.key ?? {}, decision);
  if (fields.kind === 'refused' || key.kind === 'refused')
    return refused([
      ...(key.kind === 'refused' ? key.problems : []),
      ...(fields.kind === 'refused' ? fields.problems : []),
    ]);
  const known = state.find(shape.entity.name, key.value.text);
  const taken = known && (known.row !== null || known.mergedInto !== undefined);
  if (taken === true) {
    const { text } = key.value;
    return exists(state.resolve(shape.entity.name, text), text, shape);
  }
  const moment = draft.begin(command.origin);
  const row = newRow(shape, { ...fields.value, ...key.value.columns }, moment);
  const twin = findTwin(row, key.value.text, decision);
  if (twin !== undefined) return joined(twin, shape);
  return write(known ?? unknownEntity(shape, key.value.text), row, moment, decision);
}

function update(command: CommandOf<'update'>, decision: Decision): Outcome {
  const { shape, draft } = decision;
  const found = findLive(command.key, command.expectedVersion, decision);
  if ('status' in found) return found;
  const fields = readFields(shape, command.fields, { isComplete: false, passesOver: false });
  if (fields.kind === 'refused') return refused(fields.problems);
  const merged = { ...found.row, ...fields.value };
  if (isSame(found.row, merged)) return outcomeOf('unchanged', found, shape);
  const twin = findTwin(merged, found.key, decision);
  if (twin !== undefined && matchValueOf(shape, merged) !== matchValueOf(shape, found.row))
    return taken(found.key, twin, shape);
  const moment = draft.begin(command.origin);
  return write(found, updatedRow(shape, merged, moment), moment, decision);
}

function remove(command: CommandOf<'delete'>, decision: Decision): Outcome {
  const found = findLive(command.key, command.expectedVersion, decision);
  if ('status' in found) return found;
  return write(found, null, decision.draft.begin(command.origin), decision);
}

function merge(command: CommandOf<'merge'>, decision: Decision): Outcome {
  const { shape, draft } = decision;
  const winner = findLive(command.winner, undefined, decision, 'winnerId');
  if ('status' in winner) return winner;
  const loser = findLive(command.loser, undefined, decision, 'loserId');
  if ('status' in loser) return loser;
  if (winner.key === loser.key)
    return refused([
      { code: 'MERGE_INTO_ITSELF', message: 'Both ids lead to the same one.', field: 'loserId' },
    ]);
  const moment = draft.begin(command.origin);
  const { sequence } = write(loser, null, moment, decision, undefined, winner.key);
  return { ...outcomeOf('done', winner, shape), sequence };
}

function reverse(command: CommandOf<'reverse'>, decision: Decision): Outcome {
  const { shape, state, draft } = decision;
  const change = state.change(command.sequence);
  const current = change && state.find(change.entity, change.key);
  if (change === undefined || current === undefined || change.version === null)
    return refused([{ code: 'NOT_FOUND', message: `There is no change ${command.sequence}.` }]);
  const problem = irreversible(change, current);
  if (problem !== undefined)
    return {
      ...outcomeOf('refused', current, shape),
      problems: [{ code: 'TOO_LATE', message: problem }],
    };
  const moment = draft.begin(command.origin);
  return write(current, change.before, moment, decision, undefined, null, change.sequence);
}

function irreversible(change: Change, current: EntityState): string | undefined {
  if (change.mergedInto !== null) return 'A merge is not taken back.';
  if (change.kind !== 'create' && change.before === null)
    return 'What was before is not known any more.';
  if (current.sequence === change.sequence) return undefined;
  return `Version ${current.version} came after version ${change.version}, and stays.`;
}
