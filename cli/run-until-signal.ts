/** Waits for SIGINT or SIGTERM, then closes; a second signal ends the process at once. */
export async function runUntilSignal(close: () => Promise<void>): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const leave = (): never => process.exit(signal === 'SIGINT' ? 130 : 143);
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  await close();
  process.removeListener('SIGINT', leave);
  process.removeListener('SIGTERM', leave);
}
