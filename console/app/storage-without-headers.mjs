/** What GraphiQL keeps for the next visit, in the browser's storage, without the headers: keys may stand in them. */
export function storageWithoutHeaders(storage) {
  return {
    getItem: (name) => storage.getItem(name),
    setItem: (name, text) => storage.setItem(name, withoutHeaders(text)),
    removeItem: (name) => storage.removeItem(name),
    clear: () => storage.clear(),
    get length() {
      return storage.length;
    },
  };
}

/** Tabs and history are JSON with a member `headers` in each entry; the rest is plain text. */
function withoutHeaders(text) {
  try {
    return JSON.stringify(JSON.parse(text), (name, value) => (name === 'headers' ? null : value));
  } catch {
    return text;
  }
}

/** The browser's storage, or undefined where the browser allows none. */
export function browserStorage() {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
