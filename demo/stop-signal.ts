const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type StopSignal = keyof typeof exitCodes;

/** Aborts at the first Ctrl-C or its like, and leaves the exit code that goes with it; a second one ends the process. */
export function stopAtSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of Object.keys(exitCodes) as StopSignal[]) {
    process.on(name, () => {
      // Not by the signal itself: listeners of `exit` still remove the temporary folder and kill the browser.
      if (stop.signal.aborted) process.exit(exitCodes[name]);
      process.exitCode = exitCodes[name];
      stop.abort();
    });
  }
  return stop.signal;
}
