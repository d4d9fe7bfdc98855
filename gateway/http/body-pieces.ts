type WholeBody = string | Uint8Array | readonly Uint8Array[];

/** What a body that is there as a whole is written as, one after the other. */
export function piecesOf(body: WholeBody): readonly (string | Uint8Array)[] {
  return isList(body) ? body : [body];
}

export function bytesIn(pieces: readonly (string | Uint8Array)[]): number {
  return pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
}

function isList(body: WholeBody): body is readonly Uint8Array[] {
  return Array.isArray(body);
}
