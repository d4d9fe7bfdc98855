import { escapeHtml } from './escape-html.ts';
import type { ExampleQuery } from './example-query.ts';
import { markDataUri } from './mark.ts';

/** Where the page stands; its script and styles stand below it. */
export const graphiqlPath = '/graphiql';

interface GraphiqlPageOptions {
  /** Path of the GraphQL endpoint on the same server; the page's policy lets it talk to no other. */
  readonly endpoint: string;
  /** The question that a first visit opens on. */
  readonly example: ExampleQuery;
}

/**
 * Only this server may be asked for anything. Inline styles are the one exception: the editor and its menus place
 * themselves with them.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** No page of another site shows one of ours within itself, where a click could be led astray. */
export const frameAncestors = "frame-ancestors 'none'";

/** Headers to send with the page. `frame-ancestors` is here since browsers ignore it inside a page. */
export const graphiqlPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `${contentSecurityPolicy}; ${frameAncestors}`,
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** The HTML of the GraphiQL page. It carries its policy too, so that it is safe from wherever it is served. */
export function graphiqlPage({ endpoint, example }: GraphiqlPageOptions): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Ask the graph of every domain, from the browser.">
<title>Tributary · GraphiQL</title>
<link rel="icon" href="${markDataUri}">
<link rel="stylesheet" href="${graphiqlPath}/graphiql.css">
<script type="application/json" id="console-settings">${embedJson({ endpoint, example })}</script>
<script defer src="${graphiqlPath}/graphiql.js"></script>
</head>
<body>
<main id="console"><p class="console-notice" role="status">Opening the console…</p></main>
<noscript><p class="console-notice">This page is written in JavaScript, which is switched off in your browser. Without it, send a POST with a JSON body to <code>${escapeHtml(endpoint)}</code>.</p></noscript>
</body>
</html>
`;
}

/** JSON that cannot end the script element that it stands in. */
function embedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
