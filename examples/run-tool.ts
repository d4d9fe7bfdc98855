import type { RunningTool } from './http/serve-json.ts';

/** Runs a tool until somebody stops it; requests that are under way are answered before it ends. */
export async function runTool(name: string, start: () => Promise<RunningTool>): Promise<void> {
  const tool = await start();
  process.stdout.write(`${name} answers at ${tool.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void tool.close());
  }
}
