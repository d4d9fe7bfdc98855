import type { WebSocket } from 'ws';

interface LifeOptions {
  /** How often a connection is tried; what has not answered by the next time is cut off. */
  readonly heartbeatMs: number;
  /** How long it may be open without an operation. */
  readonly idleTimeoutMs: number;
}

interface SocketLife {
  readonly onIdleChange: (isIdle: boolean) => void;
  readonly stop: () => void;
}

/** Cuts off a WebSocket that does not answer pings, and closes one that nobody uses. */
export function keepAlive(socket: WebSocket, options: LifeOptions): SocketLife {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const heart = setInterval(() => {
    if (!isAlive) {
      socket.terminate();
      return;
    }
    isAlive = false;
    socket.ping();
  }, options.heartbeatMs);
  const close = (): void => socket.close(1000, 'Idle');
  let isStopped = false;
  let idle: NodeJS.Timeout | undefined = setTimeout(close, options.idleTimeoutMs);
  return {
    onIdleChange(isIdle) {
      clearTimeout(idle);
      idle = isIdle && !isStopped ? setTimeout(close, options.idleTimeoutMs) : undefined;
    },
    stop() {
      isStopped = true;
      clearInterval(heart);
      clearTimeout(idle);
    },
  };
}
