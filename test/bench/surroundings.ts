import { setFunctionEnvironment, startSecret } from '../../cli/start/function-environment';
import { TABLE_NAMES } from '../../cli/start/local-tables';
import { Closables } from '../../cli/start/start-context';
import {
  type AirtableEmulator,
  type AirtableOptions,
  startAirtable,
} from '../../emulators/airtable/airtable-emulator';
import { aBase, customersTable, type Row, templatesTable } from '../../emulators/airtable/base-data';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import { startTwilio, type TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import { startDynamoDbProcess } from './dynamodb';

export interface SurroundingsOptions {
  readonly customers: readonly Row[];
  /** @default Airtable's own */
  readonly limits?: AirtableOptions['limits'];
}

/** Where the parts are that a service starts itself. */
interface Places {
  readonly lambdaUrl: string;
  readonly publicBaseUrl: string;
  /** Undefined for a webhook that is polled. */
  readonly webhookUrl: string | undefined;
}

/** What the functions talk to: Airtable and Twilio in this process, DynamoDB in one of its own. */
export interface Surroundings {
  readonly airtable: AirtableEmulator;
  readonly twilio: TwilioEmulator;
  readonly dynamoDbUrl: string;
  /** Gives this process the environment of a deployed function. */
  setEnvironment(places: Places): void;
  close(): Promise<void>;
}

const TEMPLATES = [{ category: 'Hello', text: 'Hi {{name}}' }];

export async function startSurroundings({ customers, limits }: SurroundingsOptions): Promise<Surroundings> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const running = new Closables();
  const airtable = running.add(
    await startAirtable({
      base: aBase([customersTable(customers), templatesTable(TEMPLATES)]),
      tokens: [{ token: DEMO_CREDENTIALS.airtableApiKey }],
      ...(limits && { limits }),
    }),
  );
  const twilio = running.add(
    await startTwilio({
      accountSid: DEMO_CREDENTIALS.accountSid,
      authToken: DEMO_CREDENTIALS.authToken,
      ourNumbers: [DEMO_CREDENTIALS.smsNumber, DEMO_CREDENTIALS.whatsappNumber],
    }),
  );
  const secret = running.add(
    await startSecret(0, {
      ACCOUNT_SID: DEMO_CREDENTIALS.accountSid,
      AUTH_TOKEN: DEMO_CREDENTIALS.authToken,
      AUTH_TOKEN_SECONDARY: '',
      WEBHOOK_SHARED_KEYS: '',
      TWILIO_API_KEY_SID: '',
      TWILIO_API_KEY_SECRET: '',
      AIRTABLE_API_KEY: DEMO_CREDENTIALS.airtableApiKey,
    }),
  );
  const { url: dynamoDbUrl } = running.add(await startDynamoDbProcess());
  return {
    airtable,
    twilio,
    dynamoDbUrl,
    setEnvironment: ({ lambdaUrl, publicBaseUrl, webhookUrl }) =>
      setFunctionEnvironment(
        {
          AIRTABLE_BASE_ID: airtable.base.id,
          AIRTABLE_ENDPOINT_URL: airtable.url,
          TWILIO_API_URL: twilio.url,
          TWILIO_SMS_NUMBER: DEMO_CREDENTIALS.smsNumber,
          TWILIO_WHATSAPP_NUMBER: DEMO_CREDENTIALS.whatsappNumber,
          PUBLIC_BASE_URL: publicBaseUrl,
          AIRTABLE_WEBHOOK_URL: webhookUrl,
          REPLICA_TABLE_NAME: TABLE_NAMES.replica,
          OPT_OUT_TABLE_NAME: TABLE_NAMES.optOuts,
          SYNC_FUNCTION_NAME: 'sync',
        },
        { secret, dynamoDbUrl, lambdaUrl },
      ),
    close: () => running.close(),
  };
}
