/**
 * The answers of a subscription as they come: GraphQL over SSE, a connection for each
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md). To stop reading closes the connection.
 */
export async function* streamEvents(endpoint, { query, variables, operationName }, options) {
  const controller = new AbortController();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...Object.fromEntries(
        Object.entries(options?.headers ?? {}).filter(([, value]) => value !== ''),
      ),
    },
    body: JSON.stringify({ query, variables, operationName }),
    signal: controller.signal,
  });
  try {
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
      yield await response.json();
      return;
    }
    for await (const { event, data } of events(response.body)) {
      if (event === 'complete') return;
      if (event === 'next') yield JSON.parse(data);
    }
  } finally {
    controller.abort();
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      yield fieldsOf(text.slice(0, end));
      text = text.slice(end + 2);
    }
  }
}

function fieldsOf(block) {
  const fields = { event: '', data: '' };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') fields.data += fields.data === '' ? value : `\n${value}`;
    if (name === 'event') fields.event = value;
  }
  return fields;
}
