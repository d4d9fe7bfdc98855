/** What a screen reader calls each editor, by the place where it stands. */
const names = {
  '.graphiql-query-editor': 'Query',
  '.graphiql-editor-tool > :nth-child(1 of .graphiql-editor)': 'Variables',
  '.graphiql-editor-tool > :nth-child(2 of .graphiql-editor)': 'Headers',
  '.graphiql-response': 'Response',
};

/**
 * Names the editors of the page, whose text areas have no label. Each is made once, a moment after the page: whoever
 * has seen all of them need not look on.
 */
export function nameEditors(page) {
  const unnamed = new Map(Object.entries(names));
  const observer = new MutationObserver(() => {
    for (const [place, name] of unnamed) {
      const editor = page.querySelector(`${place} .CodeMirror`)?.CodeMirror;
      if (editor === undefined) continue;
      editor.setOption('screenReaderLabel', name);
      unnamed.delete(place);
    }
    if (unnamed.size === 0) observer.disconnect();
  });
  observer.observe(page, { childList: true, subtree: true });
}
