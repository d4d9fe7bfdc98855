/** Where something stands in an answer: response names and list indices. */
export type AnswerPath = readonly (string | number)[];

type JsonObject = Readonly<Record<string, unknown>>;

/** What a query plan sends to a subgraph to name an entity. */
export type Representation = JsonObject;

export type IsWithin = (typeName: string, other: string) => boolean;

interface FoundEntity {
  readonly entity: JsonObject;
  readonly path: AnswerPath;
}

/**
 * The answer to one request as far as its fetches have come. The gateway merges what entity fetches bring into the
 * objects that the root fetches brought, so those objects hold everything that has been merged.
 */
export class AnswerSoFar {
  readonly #root: Record<string, unknown> = {};

  /**
   * Takes the data of a fetch of root fields, those at the top; of what two of them bring, the gateway keeps the object
   * of the first.
   */
  add(data: JsonObject): void {
    for (const [name, value] of Object.entries(data)) {
      if (!isMergedInto(this.#root[name], value)) this.#root[name] = value;
    }
  }

  /** What stands at a place; undefined where nothing does. */
  at(path: AnswerPath): unknown {
    let value: unknown = this.#root;
    for (const step of path) {
      if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
      value = value[step];
    }
    return value;
  }

  /**
   * Where the entities stand that these representations name. Representations keep the order of the answer, but the
   * gateway leaves out objects of other types and those whose keys are not known, so that their indices say nothing.
   *
   * @param flattened the path of the fetch in the query plan, with `@` for every item of a list
   * @param isWithin whether objects of one type are of another; a subgraph may know an interface as an object
   * @returns one for each representation, undefined where it cannot be told
   */
  entityPaths(
    flattened: AnswerPath,
    representations: readonly Representation[],
    isWithin: IsWithin = (one, other) => one === other,
  ): readonly (AnswerPath | undefined)[] {
    const found = this.#objectsAt(flattened);
    if (found.length === representations.length) return found.map(({ path }) => path);
    let next = 0;
    return representations.map((representation) => {
      for (let index = next; index < found.length; index++) {
        const { entity, path } = found[index] as FoundEntity;
        if (!isNamedBy(entity, representation, isWithin)) continue;
        next = index + 1;
        return path;
      }
      return undefined;
    });
  }

  /** Where the objects stand into which a fetch brings something. */
  objectPaths(flattened: AnswerPath): readonly AnswerPath[] {
    return this.#objectsAt(flattened).map(({ path }) => path);
  }

  #objectsAt(flattened: AnswerPath): readonly FoundEntity[] {
    return findObjects(this.#root, flattened, []);
  }
}

/** Whether the gateway puts what comes second into what came first, rather than in its place. */
function isMergedInto(known: unknown, added: unknown): boolean {
  if (Array.isArray(known)) return Array.isArray(added) && known.length === added.length;
  return isObject(known) && isObject(added) && !Array.isArray(added);
}

function findObjects(value: unknown, rest: AnswerPath, path: AnswerPath): readonly FoundEntity[] {
  if (Array.isArray(value)) {
    const below = rest[0] === '@' ? rest.slice(1) : rest;
    return value.flatMap((item: unknown, index) => findObjects(item, below, [...path, index]));
  }
  if (!isObject(value)) return [];
  const [name, ...below] = rest;
  if (name === undefined) return [{ entity: value, path }];
  return Object.hasOwn(value, name) ? findObjects(value[name], below, [...path, name]) : [];
}

function isNamedBy(
  entity: JsonObject,
  representation: Representation,
  isWithin: IsWithin,
): boolean {
  return Object.entries(representation).every(([field, value]) => {
    const known = entity[field];
    if (field !== '__typename') return hasAllOf(known, value, isWithin);
    return known === value || isWithin(String(known), String(value));
  });
}

/** A representation has no more of the objects below an entity than is required of them. */
function hasAllOf(known: unknown, named: unknown, isWithin: IsWithin): boolean {
  if (Array.isArray(named)) {
    if (!Array.isArray(known) || known.length !== named.length) return false;
    return named.every((item: unknown, index) => hasAllOf(known[index], item, isWithin));
  }
  if (isObject(named)) return isObject(known) && isNamedBy(known, named, isWithin);
  return known === named;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
