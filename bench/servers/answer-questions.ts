import { createServer, type ServerResponse } from 'node:http';
import type { PlainQuestion } from '../ask-plain.ts';
import { listenOnLoopback } from './listen.ts';

/** Serves JSON over `node:http` with nothing in between. */
export function answerQuestions(
  answer: (question: PlainQuestion) => Promise<string | Buffer>,
): void {
  listenOnLoopback(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const question = JSON.parse(Buffer.concat(chunks).toString()) as PlainQuestion;
        void respond(answer(question), response);
      });
    }),
  );
}

async function respond(answer: Promise<string | Buffer>, response: ServerResponse): Promise<void> {
  const body = await answer;
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
