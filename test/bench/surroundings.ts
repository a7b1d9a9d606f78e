import * as v from 'valibot';
import { Closables } from '../../cli/start/closables';
import { setFunctionEnvironment, silenceNodeWarning } from '../../cli/start/function-environment';
import { TABLE_NAMES } from '../../cli/start/replica';
import { startSecret } from '../../cli/start/start-secrets-manager';
import {
  type AirtableEmulator,
  type AirtableOptions,
  startAirtable,
} from '../../emulators/airtable/airtable-emulator';
import { aBase, customersTable, type Row, templatesTable } from '../../emulators/airtable/base-data';
import { DEMO_CREDENTIALS } from '../../emulators/seed/demo-credentials';
import { startTwilio, type TwilioEmulator } from '../../emulators/twilio/twilio-emulator';
import { startChild } from './child';

export interface SurroundingsOptions {
  readonly customers: readonly Row[];
  /** @default Airtable's own */
  readonly limits?: AirtableOptions['limits'];
}

/** URLs of the dependencies that a service starts itself. */
interface Places {
  readonly lambdaUrl: string;
  readonly publicBaseUrl: string;
  /** Undefined for a webhook that is polled. */
  readonly webhookUrl: string | undefined;
}

/** The functions' dependencies: Airtable and Twilio in this process, DynamoDB in a process of its own. */
export interface Surroundings {
  readonly airtable: AirtableEmulator;
  readonly twilio: TwilioEmulator;
  readonly dynamoDbUrl: string;
  /** Sets this process's environment to that of a deployed function. */
  setEnvironment(places: Places): void;
  close(): Promise<void>;
}

const DYNAMODB = new URL('./dynamodb-process.ts', import.meta.url);
const TEMPLATES = [{ category: 'Hello', text: 'Hi {{name}}' }];

export async function startSurroundings({ customers, limits }: SurroundingsOptions): Promise<Surroundings> {
  silenceNodeWarning();
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
      AIRTABLE_API_KEY: DEMO_CREDENTIALS.airtableApiKey,
    }),
  );
  const dynamoDb = running.add(await startChild(DYNAMODB, [], v.object({ url: v.string() })));
  const dynamoDbUrl = dynamoDb.message.url;
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
