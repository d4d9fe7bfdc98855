import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { Kind } from 'graphql';
import type { AuthoredGraph } from '../../registry/load-subgraphs.ts';
import { completeScalars, knownScalars } from '../../wire/scalars.ts';

/**
 * A gateway whose schema checks the values of our scalars, so that a day that no calendar has is a mistake in the
 * request, with its place, and not one of every field that the question asks for.
 */
export function withKnownScalars(
  gateway: GatewayInterface,
  names: ReadonlySet<string>,
): GatewayInterface {
  return {
    ...gateway,
    load: (options) => gateway.load(options),
    stop: () => gateway.stop(),
    onSchemaLoadOrUpdate: (callback) =>
      gateway.onSchemaLoadOrUpdate((context) => {
        completeScalars(context.apiSchema, names);
        callback(context);
      }),
  };
}

/** Those of our scalars by whose names no remote subgraph means something of its own. */
export function scalarsOfLake({ remotes }: AuthoredGraph): ReadonlySet<string> {
  const remote = new Set(
    remotes.flatMap(({ document }) =>
      document.definitions.flatMap((node) =>
        node.kind === Kind.SCALAR_TYPE_DEFINITION ? [node.name.value] : [],
      ),
    ),
  );
  return new Set(knownScalars.filter((name) => !remote.has(name)));
}
