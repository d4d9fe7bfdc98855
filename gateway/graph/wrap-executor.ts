import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';

/** The gateway with another way to execute, which may fall back on the gateway's own. */
export function wrapExecutor(
  gateway: GatewayInterface,
  wrap: (execute: GatewayExecutor) => GatewayExecutor,
): GatewayInterface {
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: () => gateway.stop(),
    async load(options) {
      const { executor } = await gateway.load(options);
      return { executor: executor && wrap(executor) };
    },
  };
}
