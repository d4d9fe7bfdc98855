import { cpus, totalmem } from 'node:os';

/** What a reader has to know of the machine to judge the numbers. */
export function describeMachine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() || 'unknown processor';
  const memoryGib = (totalmem() / 2 ** 30).toFixed(0);
  return `${cores.length} cores (${model}), ${memoryGib} GiB of memory, ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}
