import { setTimeout as wait } from 'node:timers/promises';
import { askExport, askPoint } from './ask-graphql.ts';
import { graphqlPath } from './contenders.ts';
import type { DataSet } from './data-set.ts';
import { HttpConnection } from './measure/http-connection.ts';
import { readUsage } from './measure/process-usage.ts';
import { exportSize } from './questions.ts';
import { serve } from './server-process.ts';

/** What large answers do to the memory of a server that has answered little before. */
export interface LargeAnswers {
  readonly answers: number;
  readonly answerBytes: number;
  readonly beforeBytes: number;
  readonly highestBytes: number;
  /** A second after the last answer. */
  readonly afterBytes: number;
  /** How a page of 100,000 rows is refused; undefined when it is answered. */
  readonly refusal: string | undefined;
}

const answers = 10;
const tooManyRows = 100_000;

export async function measureLargeAnswers({ copies, customers }: DataSet): Promise<LargeAnswers> {
  const server = await serve(copies);
  const connection = await HttpConnection.open(server.port);
  const readBytes = (): number => readUsage([server.pid]).residentBytes;
  try {
    await connection.ask(graphqlPath, askPoint(0));
    const beforeBytes = readBytes();
    let highestBytes = beforeBytes;
    const sampler = setInterval(() => (highestBytes = Math.max(highestBytes, readBytes())), 10);
    let answerBytes = 0;
    for (let number = 0; number < answers; number++) {
      const after = Math.floor((number * (customers - exportSize)) / answers);
      const { status, body } = await connection.ask(graphqlPath, askExport(after));
      if (status !== 200) throw new Error(`Status ${status}: ${body.slice(0, 500)}`);
      answerBytes = Buffer.byteLength(body);
    }
    clearInterval(sampler);
    await wait(1_000);
    const afterBytes = readBytes();
    const refusal = await askTooMany(connection);
    return { answers, answerBytes, beforeBytes, highestBytes, afterBytes, refusal };
  } finally {
    connection.close();
    await server.stop();
  }
}

async function askTooMany(connection: HttpConnection): Promise<string | undefined> {
  const query = `{ customers(first: ${tooManyRows}) { nodes { id } } }`;
  const { body } = await connection.ask(graphqlPath, JSON.stringify({ query }));
  const { errors } = JSON.parse(body) as {
    readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
  };
  return errors?.[0] && (errors[0].extensions?.code ?? 'an error without a code');
}
