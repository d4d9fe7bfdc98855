import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createOriginationTracer } from '../../access/forwarding.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { EarlyEnd } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { ObserveRequests } from '../telemetry/observe-requests.ts';
import { logAccess, statusOf } from './access-log.ts';
import { clientCodeOf, errorResponse, logFailure } from './client-error.ts';
import { addFacts, ClientGone, createExchange, isAnswered, type Exchange } from './exchange.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import { hasLargeRest } from './read-body.ts';
import type { FrontResponse } from './route.ts';
import { runStages, type Stages } from './stages.ts';
import { writeResponse } from './write-response.ts';

interface AnswerOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly settings: Config['server'];
  readonly stages: Stages;
  readonly openExchanges: OpenExchanges;
  readonly isClosing: () => boolean;
  readonly observe: ObserveRequests;
}

/** Lets the server answer each request: the stages, within the deadline, then the answer and the log line. */
export function answerRequests(server: Server, options: AnswerOptions): void {
  const { log, clock, settings, openExchanges, observe } = options;
  const trace = createOriginationTracer(settings.trustedProxies);
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const earlyEnd = new EarlyEnd();
    const origination = trace(incoming.headers, incoming.socket.remoteAddress);
    const exchange = createExchange({ incoming, outgoing, origination, earlyEnd });
    const startedMs = clock.monotonicMs();
    openExchanges.add(exchange);
    observe.begin(exchange);
    outgoing.once('close', () => {
      openExchanges.remove(exchange);
      if (!isAnswered(exchange)) earlyEnd.come(new ClientGone());
      const durationMs = clock.monotonicMs() - startedMs;
      observe.end(exchange, statusOf(exchange), durationMs);
      logAccess(log, exchange, durationMs);
      cutOffUnreadBody(exchange, settings.requestTimeoutMs);
    });
    void answerExchange(exchange, options);
  };
  server.on('request', answer);
  // Without a listener Node invites every body; with one, the stage that reads it does.
  server.on('checkContinue', answer);
}

/** Never rejects: whatever goes wrong becomes an answer, or at least a log line and a closed connection. */
async function answerExchange(exchange: Exchange, options: AnswerOptions): Promise<void> {
  const { outgoing, earlyEnd, id } = exchange;
  try {
    const response = await runWithinDeadline(exchange, options);
    await write(exchange, response, options);
  } catch (error) {
    if (earlyEnd.reason instanceof ClientGone) return;
    logFailure(options.log, error, id);
    addFacts(exchange, { errorCodes: [clientCodeOf(error)] });
    // Once the answer has begun, only a connection that breaks off can tell the client.
    if (outgoing.headersSent) outgoing.destroy();
    else await write(exchange, errorResponse(error, id), options).catch(() => outgoing.destroy());
  }
}

/** Waits for a handler no longer than the deadline or the client does, also when it ignores its signal. */
function runWithinDeadline(
  exchange: Exchange,
  { stages, settings }: AnswerOptions,
): Promise<FrontResponse> {
  const { incoming, earlyEnd } = exchange;
  const timeoutMs = settings.requestTimeoutMs;
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      const code = incoming.complete ? 'REQUEST_TIMEOUT' : 'BODY_TIMEOUT';
      earlyEnd.come(raise(code, { timeoutMs }));
    }, timeoutMs);
    const giveUp = (): void => {
      clearTimeout(deadline);
      reject(earlyEnd.reason);
    };
    if (earlyEnd.aborted) giveUp();
    else earlyEnd.addEventListener('abort', giveUp);
    runStages(exchange, stages, () => clearTimeout(deadline))
      .then(resolve, reject)
      .finally(() => clearTimeout(deadline));
  });
}

/** A connection that stays open for the next request does not wait for ever for the end of a body that nobody reads. */
function cutOffUnreadBody({ incoming }: Exchange, timeoutMs: number): void {
  if (incoming.complete || incoming.destroyed) return;
  const timer = setTimeout(() => incoming.socket.destroy(), timeoutMs);
  const stop = (): void => clearTimeout(timer);
  timer.unref();
  incoming.once('end', stop).once('close', stop);
}

function write(
  exchange: Exchange,
  response: FrontResponse,
  { settings, isClosing }: AnswerOptions,
): Promise<void> {
  return writeResponse(exchange, response, {
    stallTimeoutMs: settings.requestTimeoutMs,
    isLast: isClosing() || exchange.earlyEnd.reason !== undefined,
    hasUnwantedBody: exchange.isBodyStreamed
      ? !exchange.incoming.complete
      : hasLargeRest(exchange.incoming, settings.maxBodyBytes),
  });
}
