import type { Config } from '../../foundation/config/schema.ts';
import type { Log } from '../../foundation/log.ts';
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

export function createDocumentRegistry(
  { graph: { documents } }: Config,
  log: Log,
): DocumentRegistry {
  const { trustedFiles, onlyTrusted, automatic, automaticCacheMb } = documents;
  const added = automatic ? new AutomaticDocuments(automaticCacheMb * 1024 * 1024) : undefined;
  return {
    files: trustedFiles,
    async read() {
      const trusted = await readTrustedDocuments(trustedFiles);
      if (onlyTrusted && trusted.size === 0) log.warn(nothingTrusted(trustedFiles));
      return { trusted, isOnlyTrusted: onlyTrusted, automatic: added };
    },
  };
}

function nothingTrusted(files: readonly string[]): string {
  const why =
    files.length === 0
      ? 'graph.documents.trustedFiles names no manifest'
      : 'the manifests of graph.documents.trustedFiles hold no document';
  return `graph.documents.onlyTrusted is on, and ${why}: every question is refused. Register documents there, or turn it off.`;
}
