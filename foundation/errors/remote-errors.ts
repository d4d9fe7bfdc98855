import type { CatalogueEntry } from './catalogue-entry.ts';

/** Calls to remote subgraphs. */
export const remoteErrors = {
  SUBGRAPH_CIRCUIT_OPEN: {
    audience: 'client',
    status: 200,
    message:
      'The subgraph {subgraph} has failed most of the time and is left alone since {since}. It is tried again at {again}.',
    hint: 'Its fields are null in this answer. Ask again later, or tell the owner of {subgraph}. The settings are those of subgraphs.breaker.',
  },
  SUBGRAPH_OVERLOADED: {
    audience: 'client',
    status: 200,
    message:
      'The subgraph {subgraph} is asked {maxConcurrent} things at once, and {maxQueued} more are waiting already.',
    hint: 'Its fields are null in this answer. Ask again later, or let the operator raise the settings subgraphs.maxConcurrent and subgraphs.maxQueued.',
  },
  SUBGRAPH_TLS_FILE_UNUSABLE: {
    audience: 'operator',
    status: 500,
    message: 'The TLS file {file} of the subgraph {subgraph} cannot be used: {problem}',
    hint: 'Give PEM files that this user may read, as subgraphs.tls or in subgraphs.byName.{subgraph}.tls.',
  },
  SUBGRAPH_HEADER_UNSET: {
    audience: 'operator',
    status: 500,
    message:
      'The header {header} for the subgraph {subgraph} is to hold the environment variable {variable}, which is not set to printable ASCII characters.',
    hint: 'Set the variable, or mend the rule in subgraphs.headers or subgraphs.byName.{subgraph}.headers.',
  },
  SUBGRAPH_SETTINGS_UNUSED: {
    audience: 'operator',
    status: 500,
    message:
      'There are settings for a subgraph {subgraph}, and no subgraph of that name. {suggestion}',
    hint: 'Name a subgraph of the graph below subgraphs.byName, or take the entry out.',
  },
} as const satisfies Record<string, CatalogueEntry>;
