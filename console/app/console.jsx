import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { useState } from 'react';
import { markDataUri } from '../mark.ts';
import { createFetcher } from './fetcher.mjs';
import { browserStorage, storageWithoutHeaders } from './storage-without-headers.mjs';

/** An empty value is never sent, so a caller without a key may leave this as it is. */
const emptyKeyHeader = '{\n  "x-api-key": ""\n}';

/** GraphiQL, opened on the example; what a visitor wrote before takes its place on the next visit. */
export function Console({ endpoint, example }) {
  const [fetcher] = useState(() => createFetcher(endpoint));
  const variables =
    Object.keys(example.variables).length === 0
      ? undefined
      : JSON.stringify(example.variables, null, 2);
  const [storage] = useState(() => {
    const inBrowser = browserStorage();
    return inBrowser && storageWithoutHeaders(inBrowser);
  });
  const [isFirst] = useState(isFirstVisit);
  const firstTab = { query: example.query, variables, headers: emptyKeyHeader };

  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={[firstTab]}
      defaultQuery=""
      defaultHeaders={emptyKeyHeader}
      defaultEditorToolsVisibility={variables === undefined ? false : 'variables'}
      variables={isFirst ? variables : undefined}
      shouldPersistHeaders={false}
      storage={storage}
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <h1 className="console-name">
          <img src={markDataUri} alt="" width="20" height="20" />
          Tributary
        </h1>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <p className="console-hints">
          <span>
            <kbd>Ctrl</kbd> <kbd>Enter</kbd> runs the query
          </span>
          <span>
            <kbd>Esc</kbd> <kbd>Tab</kbd> leaves an editor
          </span>
          <span>
            An API key goes into <b>Headers</b>, as <code>x-api-key</code>
          </span>
        </p>
      </GraphiQL.Footer>
    </GraphiQL>
  );
}

/** GraphiQL takes the variables of its first tab from a property, which on later visits would undo an edit. */
function isFirstVisit() {
  try {
    return localStorage.getItem('graphiql:tabState') === null;
  } catch {
    return true;
  }
}
