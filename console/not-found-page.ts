import { escapeHtml } from './escape-html.ts';
import { frameAncestors } from './graphiql-page.ts';
import { markDataUri } from './mark.ts';

/** A page of the server that a lost reader may want, or what stands for one. */
export interface PlaceToGo {
  readonly path: string;
  readonly name: string;
  /** What is there; the end of a sentence. */
  readonly about: string;
}

export interface NotFound {
  /** As it was asked for. */
  readonly path: string;
  /** What may have been meant. */
  readonly nearest: string | undefined;
}

const contentSecurityPolicy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; ${frameAncestors}`;

export const notFoundPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': contentSecurityPolicy,
  'cache-control': 'no-store',
} as const;

/** So much of a path is shown: nobody reads more of one. */
const longestPath = 200;

/** What a browser shows where there is nothing. It loads nothing, from here or elsewhere. */
export function notFoundPage({ path, nearest }: NotFound, places: readonly PlaceToGo[]): string {
  const shown = path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
  const meant = nearest === undefined ? '' : ` Did you mean <code>${escapeHtml(nearest)}</code>?`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tributary · nothing here</title>
<link rel="icon" href="${markDataUri}">
<style>${style}</style>
</head>
<body>
<main>
<img src="${markDataUri}" alt="" width="44" height="44">
<h1>There is nothing here</h1>
<p><code>${escapeHtml(shown)}</code> leads nowhere on this server.${meant}</p>
<ul>
${places.map(placeItem).join('\n')}
</ul>
<p>The documents come with the program: <code>README.md</code>, and more in its folder <code>docs</code>.</p>
</main>
</body>
</html>
`;
}

function placeItem({ path, name, about }: PlaceToGo): string {
  return `<li><a href="${path}">${name}</a> <code>${path}</code><br>${about}</li>`;
}

/** The colours of the other pages: river blue on white, and light water in the dark. */
const style = `
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(#fff, #121d2b); color: light-dark(#2d3e54, #c4d2dd); font: 1.0625rem/1.6 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 14vh 1.5rem 3rem; }
h1 { margin: 1rem 0 .5rem; color: light-dark(#07506e, #7fd4ea); font-size: 1.75rem; line-height: 1.2; }
ul { margin: 1.75rem 0; padding: 0; list-style: none; }
li { padding: .75rem 0; border-top: 1px solid light-dark(#dbe4ec, #2a3b50); }
a { color: light-dark(#07506e, #7fd4ea); font-weight: 600; }
a:focus-visible { outline: 2px solid currentColor; outline-offset: 3px; border-radius: 2px; }
code { font: .9375em ui-monospace, monospace; overflow-wrap: anywhere; }
`;
