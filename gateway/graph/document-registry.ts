import type { Config } from '../../foundation/config/schema.ts';
import { AutomaticDocuments } from './automatic-documents.ts';
import type { KnownDocuments } from './persisted-documents.ts';
import { readTrustedDocuments } from './trusted-documents.ts';

/** Where the documents of one graph after the other come from. Those that clients added outlive each of them. */
export interface DocumentRegistry {
  /** The manifests. */
  readonly files: readonly string[];
  /**
   * Reads the manifests anew.
   * @throws TRUSTED_DOCUMENTS_UNREADABLE, TRUSTED_DOCUMENTS_INVALID
   */
  readonly read: () => Promise<KnownDocuments>;
}

export function createDocumentRegistry({ graph: { documents } }: Config): DocumentRegistry {
  const { trustedFiles, onlyTrusted, automatic, automaticCacheMb } = documents;
  const added = automatic ? new AutomaticDocuments(automaticCacheMb * 1024 * 1024) : undefined;
  return {
    files: trustedFiles,
    read: async () => ({
      trusted: await readTrustedDocuments(trustedFiles),
      isOnlyTrusted: onlyTrusted,
      automatic: added,
    }),
  };
}
