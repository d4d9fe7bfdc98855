import { readSettings } from '../settings.ts';
import { runTool } from '../run-tool.ts';
import { startSupportDesk } from './start-support-desk.ts';

const { required, optional } = readSettings({
  args: process.argv.slice(2),
  environment: process.env,
});

await runTool('The support desk', () =>
  startSupportDesk({
    port: Number(optional('PORT', '5002')),
    webhookSecret: required('WEBHOOK_SECRET', 'what the mutation createSubscriber told, whsec_…'),
    dataFile: optional('DATA_FILE', 'support-desk.json'),
  }),
);
