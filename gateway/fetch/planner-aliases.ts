import { Kind, parse, type FieldNode } from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { KnownTexts } from './known-texts.ts';
import { errorAtPath } from './error-at-path.ts';
import type { SubgraphAnswer } from './guarded-source.ts';
import type { Fetcher } from '../graph/local-subgraphs.ts';
import { ResponseKeys } from '../plan/operation/response-keys.ts';

/** What Apollo's planner makes of a response key that two types of one place have different fields under. */
const plannerAlias = /^(.+)__alias_\d+$/;

/** Whether the planner might have made this alias; a client's own of this form has to get another name. */
export function isLikePlanners(alias: string): boolean {
  return plannerAlias.test(alias);
}

/** An alias as the planner makes them. */
export function plannerAliasOf(key: string, number: number): string {
  return `${key}__alias_${number}`;
}

/** A number that no alias of the planner in a fetch has, nor any greater one. */
export function unusedAliasNumber(query: string): number {
  const numbers = [...query.matchAll(/__alias_(\d+)/g)].map(([, digits]) => Number(digits));
  return Math.max(-1, ...numbers) + 1;
}

/** The response key of a field of a fetch as the client knows it. */
export function clientKey({ alias, name }: FieldNode): string {
  if (alias === undefined) return name.value;
  return plannerAlias.exec(alias.value)?.[1] ?? alias.value;
}

/**
 * A way to a subgraph whose answers have the planner's aliases undone. Apollo's gateway (2.14.4) undoes them itself,
 * but for values that are null, false, 0 or empty, which it loses; nor does it in the paths of errors.
 */
export function withoutPlannerAliases(fetch: Fetcher): Fetcher {
  const known = new KnownTexts<ResponseKeys | undefined>();
  return async (request) => {
    const answer = await fetch(request);
    if (!request.query.includes('__alias_')) return answer;
    const keys = known.of(request.query, () => plannedKeys(request.query));
    return keys === undefined ? answer : renameAnswer(answer, keys);
  };
}

function plannedKeys(query: string): ResponseKeys | undefined {
  const document = parse(query, { noLocation: true });
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  return new ResponseKeys([operation.selectionSet], fragmentsOf(document), clientKey);
}

function renameAnswer({ data, errors }: SubgraphAnswer, keys: ResponseKeys): SubgraphAnswer {
  return {
    data: data && (keys.rename(data) as Record<string, unknown>),
    errors: errors?.map((error) =>
      error.path === undefined ? error : errorAtPath(error, keys.renamePath(error.path)),
    ),
  };
}
