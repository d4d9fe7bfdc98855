import { dirname, resolve } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';

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

/** Starts watching a project's files; resolves as soon as no change goes unseen. */
export async function watchProject(options: WatchOptions): Promise<ProjectWatcher> {
  const watcher = new Watcher(options);
  await watcher.watchFiles();
  return watcher;
}

/** One reload runs at a time; whatever changes meanwhile brings about one more. */
class Watcher implements ProjectWatcher {
  readonly #options: WatchOptions;
  readonly #changed = new Set<string>();
  /** The names that `files` gives, by absolute path. */
  #files: ReadonlyMap<string, string> = new Map();
  #source: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#source?.close();
  }

  /** Goes over to the files that are listed now. The old watch ends when the new one stands, so that nothing is missed. */
  async watchFiles(): Promise<void> {
    const files = new Map(this.#options.files().map((file) => [resolve(file), file]));
    const known = this.#files;
    if ([...files.keys()].toString() === [...known.keys()].toString()) return;
    const isFirst = this.#source === undefined;
    const previous = this.#source;
    let isReady = false;
    this.#files = files;
    this.#source = watchOnly([...files.keys()]);
    this.#source.on('error', this.#options.onError);
    this.#source.on('all', (_event, path) => {
      // A file that was just listed may have changed since the reload read it: its first sight counts as a change.
      if (isReady || (!isFirst && !known.has(path))) this.#noteChange(path);
    });
    await new Promise<void>((done) => this.#source?.once('ready', done));
    isReady = true;
    await previous?.close();
  }

  #noteChange(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined || this.#isClosed) return;
    this.#changed.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#startReload(), this.#options.debounceMs);
  }

  #startReload(): void {
    if (this.#running !== undefined || this.#changed.size === 0 || this.#isClosed) return;
    this.#running = this.#reload().finally(() => {
      this.#running = undefined;
      this.#startReload();
    });
  }

  async #reload(): Promise<void> {
    const changed = [...this.#changed].toSorted();
    this.#changed.clear();
    await this.#attempt(() => this.#options.onChange(changed));
    if (!this.#isClosed) await this.#attempt(() => this.watchFiles());
  }

  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#options.onError(error);
    }
  }
}

/**
 * Watches these files and, of all else, only the folders on the way to them: editors replace a file by renaming a new
 * one over it, and folders come and go, so the files themselves are no place to watch.
 */
function watchOnly(files: readonly string[]): FSWatcher {
  const chains = files.map((file) => ancestorsOf(file));
  const relevant = new Set([...files, ...chains.flat()]);
  const [first = []] = chains;
  const root = first.find((folder) => chains.every((chain) => chain.includes(folder))) ?? '/';
  return watch(root, { ignored: (path) => !relevant.has(resolve(path)) });
}

/** The folders above a path, the nearest first. */
function ancestorsOf(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...ancestorsOf(folder)];
}
