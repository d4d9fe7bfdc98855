/**
 * What the demo says on the page that it plays on. Runs in the browser, before the page's own script, and draws in a
 * shadow tree, so that neither changes how the other looks. `tributaryCaptionStyle` is set by whoever injects this.
 */
{
  const host = document.createElement('div');
  const stage = host.attachShadow({ mode: 'open' });
  let isSchemaShown = false;

  /** The console gives way, so that nothing of it lies under the caption, and as much as can be of an answer shows. */
  const roomForCaptions = `
    :root { --caption-height: 96px; }
    #console { height: calc(100% - var(--caption-height)); }
    .graphiql-container .CodeMirror { line-height: 1.3; }
    .graphiql-container .graphiql-footer { display: none; }
  `;

  document.addEventListener('DOMContentLoaded', () => {
    document.head.append(styleElement(roomForCaptions));
    stage.append(styleElement(globalThis.tributaryCaptionStyle));
    document.body.append(host);
  });

  function styleElement(text) {
    const style = document.createElement('style');
    style.textContent = text;
    return style;
  }

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    made.className = className;
    made.append(...children);
    return made;
  };

  /** Puts this in the place of what has the same class. */
  const place = (made) => {
    stage.querySelector(`.${made.className}`)?.remove();
    stage.append(made);
  };

  globalThis.tributaryCaptions = {
    caption({ number, title, detail }) {
      const caption = element(
        'section',
        'caption',
        element('div', 'number', String(number)),
        element('div', 'words', element('h2', 'title', title), element('p', 'detail', detail)),
        element('p', 'outcome'),
      );
      caption.setAttribute('role', 'status');
      place(caption);
    },

    outcome(text) {
      stage.querySelector('.outcome').textContent = text;
    },

    /** Shows a file; its new lines stay hidden until `writeLine`. */
    schema({ file, lines }) {
      const rows = lines.map(({ number, text, isNew }) =>
        element(
          'div',
          isNew ? 'line new unwritten' : 'line',
          element('span', '', String(number)),
          element('span', '', isNew ? '+' : ''),
          element('span', '', text),
        ),
      );
      place(element('div', 'veil'));
      place(
        element(
          'section',
          'schema',
          element('header', 'file', file, element('span', 'state', '')),
          element('div', 'lines', ...rows),
        ),
      );
      isSchemaShown = true;
    },

    writeLine() {
      stage.querySelector('.unwritten')?.classList.remove('unwritten');
    },

    schemaState(text) {
      stage.querySelector('.state').textContent = text;
    },

    closeSchema() {
      if (!isSchemaShown) return;
      stage.querySelector('.veil').remove();
      stage.querySelector('.schema').remove();
      isSchemaShown = false;
    },
  };
}
