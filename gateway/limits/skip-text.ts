/** Where reading goes on behind a comment: at the end of its line, or of the text. */
export function endOfLine(text: string, start: number): number {
  lineEnd.lastIndex = start;
  return lineEnd.exec(text)?.index ?? text.length;
}

/**
 * Where reading goes on behind a string of GraphQL or JSON, also of one in triple quotes. One that has no end, which
 * the parser will say, is over with its line or with the text.
 */
export function endOfString(text: string, start: number): number {
  if (text.startsWith('"""', start)) return endOfBlock(text, start + 3);
  stringStop.lastIndex = start + 1;
  for (let stop = stringStop.exec(text); stop !== null; stop = stringStop.exec(text)) {
    if (stop[0] === '"') return stop.index + 1;
    if (stop[0] !== '\\') return stop.index;
    stringStop.lastIndex += 1;
  }
  return text.length;
}

// A search for the next character that matters is many times faster than a look at each.
const lineEnd = /[\n\r]/g;
const stringStop = /["\\\n\r]/g;

function endOfBlock(text: string, start: number): number {
  let end = text.indexOf('"""', start);
  while (end !== -1 && text[end - 1] === '\\') end = text.indexOf('"""', end + 3);
  return end === -1 ? text.length : end + 3;
}
