/** Preloaded into a server under test: writes a line for every connection that it opens and every name it looks up. */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const report = (what: string, to: unknown): void => {
  process.stderr.write(`OUTBOUND ${what} ${JSON.stringify(to)}\n`);
};

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = new Proxy(connect, {
  apply(target, socket, args) {
    report('connect', args[0]);
    return Reflect.apply(target, socket, args);
  },
});

for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6'] as const) {
  Reflect.set(
    dns,
    name,
    new Proxy(dns[name], {
      apply(target, self, args) {
        // To listen on an address, Node looks that up as well.
        if (net.isIP(String(args[0])) === 0) report(name, args[0]);
        return Reflect.apply(target, self, args);
      },
    }),
  );
}

syncBuiltinESMExports();
