/**
 * Apollo's libraries report to Apollo's servers: the gateway unless it is told not to, the server as soon as it finds
 * a key in the environment, where another tool may have put it. Nothing of ours dials out unasked. Import this before
 * them.
 */
process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
for (const name of ['KEY', 'GRAPH_REF', 'GRAPH_ID', 'GRAPH_VARIANT', 'SCHEMA_REPORTING']) {
  delete process.env[`APOLLO_${name}`];
}
