import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { randomFrom } from './oracle/random.ts';
import { BuiltServer } from './testing/killed-server/built-server.ts';
import { Company } from './testing/killed-server/company.ts';
import { pushingProject } from './testing/pushing-project.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 50);
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const roundsBetweenChecks = 5;

const folder = sharedTempFolder();

/**
 * The program as it is built, killed with SIGKILL at random moments of its start and of its work, over one lake that
 * goes from round to round. The moments are drawn from the seed; what the server is doing then is not. KILL_ROUNDS and
 * KILL_SEED choose others.
 */
it(
  `a server that is killed ${rounds} times loses nothing, skips nothing and does nothing twice (seed ${seed})`,
  { timeout: 900_000 },
  async () => {
    const random = randomFrom(seed);
    const dataDirectory = join(folder, 'data');
    const { directory: projectDirectory } = pushingProject(join(folder, 'project'));
    const company = await Company.found(dataDirectory, random);
    onTestFinished(() => company.close());
    const prepare = (): BuiltServer => {
      const server = new BuiltServer({ projectDirectory, dataDirectory });
      onTestFinished(() => server.kill());
      return server;
    };
    let next = prepare();
    const start = async (): Promise<BuiltServer> => {
      const server = next;
      await server.isReady;
      server.begin();
      next = prepare();
      return server;
    };

    const calm = await start();
    const begun = performance.now();
    const url = await calm.answering();
    const startMs = performance.now() - begun;
    await company.begin(url);
    await calm.kill();

    for (let round = 1; round <= rounds; round++) {
      const server = await start();
      if (round === Math.ceil(rounds / 3)) await company.joinReplica(await server.answering());
      const isInStart = random.isTrue(0.45);
      const moment = isInStart
        ? sleep(random.below(startMs * 1.2))
        : server.answering().then(() => company.hear(random.below(60), random.below(20)));
      const controller = new AbortController();
      const work = server.url.then((url) =>
        url === undefined ? undefined : company.work(url, controller.signal),
      );
      await moment;
      await server.kill();
      // What it had sent before may still be read.
      await sleep(20);
      controller.abort();
      await work;
      expect(server.complaints, `round ${round}`).toEqual([]);
      const isChecked = round % roundsBetweenChecks === 0;
      const problems = isChecked ? await company.check({ isOver: false }) : [];
      expect(problems, `after round ${round}: ${company.account}`).toEqual([]);
    }

    const last = await start();
    await company.finish(await last.answering());
    expect(await last.end()).toBe(0);
    expect(await company.check({ isOver: true }), company.account).toEqual([]);
    console.info(`Killed ${rounds} times: ${company.account}.`);
  },
);
