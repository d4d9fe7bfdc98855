import { dirname, resolve } from 'node:path';
import { watch } from 'chokidar';

interface WatchOptions {
  /** The files to watch, which need not exist yet. Asked anew after every reload. */
  readonly files: () => readonly string[];
  /** Reloads; gets the files that changed, sorted, as `files` names them. */
  readonly onChange: (changed: readonly string[]) => Promise<void>;
  /** What a reload threw, or what the operating system says against watching. */
  readonly onError: (error: unknown) => void;
  /** How long the files have to rest before a reload begins. */
  readonly debounceMs: number;
}

export interface ProjectWatcher {
  /** Stops watching, and waits for a reload that is under way. */
  close(): Promise<void>;
}

/**
 * Watches a project's files. One reload runs at a time; what changes meanwhile brings about one more.
 * Folders are watched rather than files, since many editors write a new file and rename it over the old one.
 */
export async function watchProject(options: WatchOptions): Promise<ProjectWatcher> {
  const watched = new Map<string, string>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  const watcher = watch([], { depth: 0, ignoreInitial: true });
  watcher.on('all', (_event, path) => noteChange(resolve(path)));
  watcher.on('error', options.onError);
  const isReady = new Promise<void>((done) => watcher.once('ready', done));
  watchFiles();
  await isReady;

  return {
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };

  function watchFiles(): void {
    watched.clear();
    for (const file of options.files()) watched.set(resolve(file), file);
    watcher.add([...new Set([...watched.keys()].map((file) => dirname(file)))]);
  }

  function noteChange(path: string): void {
    const file = watched.get(path);
    if (file === undefined || isClosed) return;
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(startReload, options.debounceMs);
  }

  function startReload(): void {
    if (running !== undefined || changed.size === 0 || isClosed) return;
    running = reload().finally(() => {
      running = undefined;
      startReload();
    });
  }

  async function reload(): Promise<void> {
    const files = [...changed].toSorted();
    changed.clear();
    try {
      await options.onChange(files);
    } catch (error) {
      options.onError(error);
    }
    if (!isClosed) watchFiles();
  }
}
