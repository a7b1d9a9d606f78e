import {
  type AirtableOptions,
  type AirtableStandIn,
  startAirtable,
} from '../../local/airtable/airtable-stand-in';
import { aBase, customersTable, type Row, templatesTable } from '../../local/airtable/base-data';
import { DEMONSTRATION } from '../../local/settings/demonstration';
import { setFunctionEnvironment, silenceNodeWarning } from '../../local/start/function-environment';
import { TABLE_NAMES } from '../../local/start/replica';
import { Running } from '../../local/start/running';
import { startSecret } from '../../local/start/secret';
import { startTwilio, type TwilioStandIn } from '../../local/twilio/twilio-stand-in';
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
  readonly airtable: AirtableStandIn;
  readonly twilio: TwilioStandIn;
  readonly dynamoDbUrl: string;
  /** Gives this process the environment of a deployed function. */
  setEnvironment(places: Places): void;
  close(): Promise<void>;
}

const TEMPLATES = [{ category: 'Hello', text: 'Hi {{name}}' }];

export async function startSurroundings({ customers, limits }: SurroundingsOptions): Promise<Surroundings> {
  silenceNodeWarning();
  const running = new Running();
  const airtable = running.add(
    await startAirtable({
      base: aBase([customersTable(customers), templatesTable(TEMPLATES)]),
      tokens: [{ token: DEMONSTRATION.airtableApiKey }],
      ...(limits && { limits }),
    }),
  );
  const twilio = running.add(
    await startTwilio({
      accountSid: DEMONSTRATION.accountSid,
      authToken: DEMONSTRATION.authToken,
      ourNumbers: [DEMONSTRATION.smsNumber, DEMONSTRATION.whatsappNumber],
    }),
  );
  const secret = running.add(
    await startSecret(0, {
      ACCOUNT_SID: DEMONSTRATION.accountSid,
      AUTH_TOKEN: DEMONSTRATION.authToken,
      AUTH_TOKEN_SECONDARY: '',
      WEBHOOK_SHARED_KEYS: '',
      AIRTABLE_API_KEY: DEMONSTRATION.airtableApiKey,
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
          TWILIO_SMS_NUMBER: DEMONSTRATION.smsNumber,
          TWILIO_WHATSAPP_NUMBER: DEMONSTRATION.whatsappNumber,
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
