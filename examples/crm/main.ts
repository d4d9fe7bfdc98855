import { readSettings } from '../settings.ts';
import { runTool } from '../run-tool.ts';
import { startCrm } from './start-crm.ts';

const { required, optional } = readSettings({
  args: process.argv.slice(2),
  environment: process.env,
});

await runTool('The CRM', () =>
  startCrm({
    port: Number(optional('PORT', '5001')),
    gatewayUrl: optional('GATEWAY_URL', 'http://127.0.0.1:4000/graphql'),
    apiKey: required('API_KEY', 'a key of the gateway, made by: tributary key create --name crm'),
    webhookSecret: required('WEBHOOK_SECRET', 'what the mutation createSubscriber told, whsec_…'),
    supportUrl: optional('SUPPORT_URL', 'http://127.0.0.1:5002'),
    dataFile: optional('DATA_FILE', 'crm.json'),
  }),
);
