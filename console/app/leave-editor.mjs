/**
 * Lets Escape leave an editor, so that Tab, which indents inside it, then moves on to the next control
 * (https://www.w3.org/WAI/WCAG22/Understanding/no-keyboard-trap). An open list of completions or a search takes
 * Escape first.
 *
 * Two phases, because the editor handles the key between them: it closes its list, so whether one is open is seen
 * before; and it takes the focus back, so it is left after.
 */
export function leaveEditorOnEscape(page) {
  let isLeaving = false;

  page.addEventListener(
    'keydown',
    (event) => {
      isLeaving =
        event.key === 'Escape' &&
        event.target.closest('.CodeMirror') !== null &&
        event.target.closest('.CodeMirror-dialog') === null &&
        page.querySelector('.CodeMirror-hints') === null;
    },
    { capture: true },
  );
  page.addEventListener('keydown', (event) => {
    if (isLeaving) event.target.blur();
  });
}
