import type { PartsRead } from '../../mapping/parts-read.ts';
import type { Projection } from '../../mapping/projection.ts';

/** The wide tables that statements are made over, by entity. */
export interface Projections {
  get(entity: string): Projection | undefined;
  /** Told which columns the statements read; only there while somebody wants to know what an answer is made of. */
  readonly partsRead?: PartsRead | undefined;
}

/** The same tables, with somebody who is told what is read of them. */
export function observed(projections: Projections, partsRead: PartsRead | undefined): Projections {
  if (partsRead === undefined) return projections;
  return { get: (entity) => projections.get(entity), partsRead };
}
