import type { AnswerPath, AnswerSoFar, IsWithin, Representation } from './answer-so-far.ts';
import type { SubgraphAnswer } from './guarded-source.ts';
import { fetchPlaces, maximumPlaces } from './fetch-places.ts';

interface PlacesOptions {
  readonly query: string;
  /** What entities are asked by; undefined in a fetch of root fields. */
  readonly representations: unknown;
  /** The path of the fetch in the query plan, with `@` for every item of a list. */
  readonly flattened: AnswerPath;
  readonly answerSoFar: AnswerSoFar;
  readonly isWithin: IsWithin;
}

/** Finds the places in the caller's answer for the errors of one fetch. */
export class ErrorPlaces {
  readonly #options: PlacesOptions;
  readonly #representations: readonly Representation[] | undefined;
  #rootFields: readonly AnswerPath[] | undefined;
  #entityPaths: readonly (AnswerPath | undefined)[] | undefined;

  constructor(options: PlacesOptions) {
    this.#options = options;
    const { representations } = options;
    this.#representations = Array.isArray(representations) ? representations : undefined;
  }

  /** Whether the fetch is one of root fields at the top, not below a field that returns Query. */
  get areAtRoot(): boolean {
    return this.#representations === undefined && this.#options.flattened.length === 0;
  }

  /** The places that the subgraph means by a path, or all that it left empty when it names none. */
  of(path: AnswerPath | undefined): readonly AnswerPath[] {
    const { query } = this.#options;
    if (this.#representations === undefined)
      return this.#ofRootFields(path === undefined ? fetchPlaces(query, undefined) : [path]);
    const [, index, field] = path ?? [];
    if (typeof index === 'number' && field !== undefined) {
      return [this.#toClientPath(index, path?.slice(2) ?? [])];
    }
    return fetchPlaces(query, this.#representations)
      .filter(([, place]) => typeof index !== 'number' || place === index)
      .map(([, place, ...rest]) => this.#toClientPath(Number(place), rest));
  }

  /** Where a subgraph made more null than the place of its error: an entity, or all the root fields that it was asked. */
  emptiedFor(path: AnswerPath | undefined, data: SubgraphAnswer['data']): readonly AnswerPath[] {
    if (path === undefined) return [];
    if (this.#representations === undefined)
      return data ? [] : (this.#rootFields ??= this.of(undefined));
    const [, index, field] = path;
    const entities = data?.['_entities'];
    const isEmptied =
      typeof index === 'number' &&
      field !== undefined &&
      Array.isArray(entities) &&
      entities[index] === null;
    return isEmptied ? [this.#toClientPath(index, [])] : [];
  }

  /** What is asked of Query below some field comes into every object that the field gave. */
  #ofRootFields(places: readonly AnswerPath[]): readonly AnswerPath[] {
    const { answerSoFar, flattened } = this.#options;
    if (this.areAtRoot) return places;
    return answerSoFar
      .objectPaths(flattened)
      .slice(0, maximumPlaces)
      .flatMap((object) => places.map((place) => [...object, ...place]))
      .slice(0, maximumPlaces);
  }

  #toClientPath(index: number, rest: AnswerPath): AnswerPath {
    const { answerSoFar, flattened, isWithin } = this.#options;
    this.#entityPaths ??= answerSoFar.entityPaths(flattened, this.#representations ?? [], isWithin);
    const path = this.#entityPaths[index];
    if (path !== undefined) return [...path, ...rest];
    const list = flattened.indexOf('@');
    return list === -1 ? [...flattened, ...rest] : flattened.slice(0, list);
  }
}
