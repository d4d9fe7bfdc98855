/** Where a list's length is not said by a directive: what is known of it otherwise. */
export interface KnownListSize {
  /** Arguments that say how long the list may become. */
  readonly slicingArguments: readonly string[];
  /** Fields of the type that are the list, where the field itself is none. */
  readonly sizedFields: readonly string[];
  /** Without such an argument. */
  readonly assumedSize: number;
  /** However much is asked for, no more is there. */
  readonly mostItems: number | undefined;
  /** Without this argument, the list has one item. */
  readonly splittingArgument?: string | undefined;
}

/** What is known of the lists of a graph; it may become better known while the server runs. */
export interface KnownListSizes {
  /** Changes when the numbers became other ones by far. */
  readonly revision: number;
  /** @param coordinate `Type.field` */
  find(coordinate: string): KnownListSize | undefined;
  /** Whether anything is known of lists of the type. */
  knowsType(name: string): boolean;
}

/** Of a graph without a lake. */
export const nothingKnown: KnownListSizes = {
  revision: 0,
  find: () => undefined,
  knowsType: () => false,
};
