import type { Problem } from '../ledger/identity-command.ts';
import type { LakeModel } from '../mapping/model.ts';
import type { NewSubscriber } from './event-service.ts';
import type { EventSettings } from './event-settings.ts';
import { problemOfEntity, problemOfType } from './event-types.ts';
import { problemOfUrl } from './webhook-url.ts';

interface Surroundings {
  readonly model: LakeModel;
  readonly settings: EventSettings;
  /** Of the other subscribers. */
  readonly names: readonly string[];
}

/** What is wrong with the choices of a subscriber, of those that were given. */
export function checkSubscriber(
  input: Partial<NewSubscriber>,
  { model, settings, names }: Surroundings,
): readonly Problem[] {
  const { name, url, entities = [], types = [], vetoWindowMs } = input;
  const { maxVetoWindowMs, allowPrivateHosts } = settings;
  const problems: (Problem | undefined)[] = [
    name === undefined ? undefined : checkName(name.trim(), names),
    url === undefined ? undefined : invalid('url', problemOfUrl(url, allowPrivateHosts)),
    ...entities.map((entity) => invalid('entities', problemOfEntity(entity, model))),
    ...types.map((type) => invalid('types', problemOfType(type, model))),
    vetoWindowMs === undefined ? undefined : checkWindow(vetoWindowMs, maxVetoWindowMs),
    checkSnapshot(input),
  ];
  return problems.filter((problem) => problem !== undefined);
}

function checkName(name: string, names: readonly string[]): Problem | undefined {
  if (name === '') return { code: 'REQUIRED', message: 'name is missing or empty.', field: 'name' };
  if (name.length > 200 || /[\p{Cc}\p{Surrogate}]/u.test(name))
    return invalid('name', 'A name has up to 200 characters, all of which can be printed.');
  if (!names.includes(name)) return undefined;
  const message = `There is a subscriber "${name}" already. Choose another name.`;
  return { code: 'EXISTS', message, field: 'name' };
}

function checkWindow(windowMs: number, longestMs: number): Problem | undefined {
  if (Number.isInteger(windowMs) && windowMs >= 1 && windowMs <= longestMs) return undefined;
  return invalid('vetoWindowMs', `A veto window has 1 to ${longestMs} milliseconds.`);
}

/** A snapshot is made of events that say that something was made. */
function checkSnapshot({ withSnapshot, types = [] }: Partial<NewSubscriber>): Problem | undefined {
  if (withSnapshot !== true || types.length === 0) return undefined;
  if (types.some((type) => type.endsWith('Created'))) return undefined;
  const message = `A snapshot comes as events such as CustomerCreated, and ${types.join(', ')} is all that was asked for.`;
  return invalid('withSnapshot', message);
}

function invalid(field: string, message: string | undefined): Problem | undefined {
  return message === undefined ? undefined : { code: 'INVALID', message, field };
}
