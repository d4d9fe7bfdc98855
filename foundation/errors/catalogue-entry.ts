/** See `catalogue.ts` for what the audience decides. */
export interface CatalogueEntry {
  readonly audience: 'client' | 'operator';
  /** HTTP status of the response when the whole request fails with this error. */
  readonly status: number;
  readonly message: string;
  readonly hint: string;
}
