import * as v from 'valibot';
import type { CallbackHandler } from '../../lambdas/callback/callback-context';
import {
  type AirtableStandIn,
  type CollaboratorData,
  startAirtable,
} from '../../local/airtable/airtable-stand-in';
import {
  aBase,
  type Columns,
  customersTable,
  type Row,
  templatesTable,
} from '../../local/airtable/base-data';
import { lambdaContext } from '../../local/gateway/lambda-context';
import { type SecretsManager, startSecretsManager } from '../../local/secrets-manager/secrets-manager';
import { startTwilio, type TwilioOptions, type TwilioStandIn } from '../../local/twilio/twilio-stand-in';
import { type CallbackEvent, callbackEvent, type Sending } from './callback-event';
import { captureLogLines, type LogLine, type MetricLine } from './log-lines';

export const ACCOUNT_SID = 'AC0123456789abcdef0123456789abcdef';
export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef';
export const AIRTABLE_API_KEY = 'patTest.0123456789';
export const SMS_NUMBER = '+15017122661';
export const WHATSAPP_NUMBER = '+15017122662';

export interface WorldOptions {
  readonly customers?: readonly Row[];
  /** Changes the types of the customer columns, takes some away (null), adds others. */
  readonly columns?: Columns;
  readonly templates?: readonly Row[];
  readonly templateColumns?: Columns;
  /** People of the base beside those whom the cells name. */
  readonly collaborators?: readonly CollaboratorData[];
  /** What the Airtable token may do. @default everything */
  readonly airtableScopes?: readonly string[];
  readonly users?: TwilioOptions['users'];
  /** Variables beside the usual ones, or in place of them; blank takes one away. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What the secret holds; null leaves it empty. */
  readonly secret?: string | null;
  readonly requestsPerSecond?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** The JSON lines that the request wrote. */
  readonly log: readonly LogLine[];
  /** The metrics that it published, a line each. */
  readonly metrics: readonly MetricLine[];
}

export interface TimedAnswer extends Answer {
  readonly milliseconds: number;
}

/** Everything round a handler: the stand-ins over HTTP, and the environment that a deployed function has. */
export class World {
  #containers = 0;

  private constructor(
    readonly airtable: AirtableStandIn,
    readonly twilio: TwilioStandIn,
    readonly secrets: SecretsManager,
    readonly secretName: string,
  ) {}

  static async start(options: WorldOptions = {}): Promise<World> {
    const airtable = await startAirtable({
      base: aBase(
        [
          customersTable(options.customers ?? [], options.columns),
          templatesTable(options.templates ?? [], options.templateColumns),
        ],
        options.collaborators,
      ),
      tokens: [
        { token: AIRTABLE_API_KEY, ...(options.airtableScopes && { scopes: options.airtableScopes }) },
      ],
      limits: { requestsPerSecond: options.requestsPerSecond ?? 'unlimited' },
      shuffleUnsorted: true,
    });
    const twilio = await startTwilio({
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      ourNumbers: [SMS_NUMBER, `whatsapp:${WHATSAPP_NUMBER}`],
      ...(options.users && { users: options.users }),
    });
    secretsManager ??= startSecretsManager();
    const secrets = await secretsManager;
    secretsPut += 1;
    const secretName = `credentials-${secretsPut}`;
    const world = new World(airtable, twilio, secrets, secretName);
    world.fillSecret(options.secret === undefined ? JSON.stringify(CREDENTIALS) : options.secret);
    setEnvironment({
      AIRTABLE_BASE_ID: airtable.base.id,
      TWILIO_SMS_NUMBER: SMS_NUMBER,
      TWILIO_WHATSAPP_NUMBER: WHATSAPP_NUMBER,
      DEFAULT_COUNTRY: 'US',
      DEFAULT_WORKER: '',
      PUBLIC_BASE_URL: '',
      AIRTABLE_TEMPLATES_VIEW: '',
      CREDENTIALS_SECRET_ARN: secrets.arn(secretName),
      AIRTABLE_ENDPOINT_URL: airtable.url,
      TWILIO_API_URL: twilio.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...options.settings,
    });
    return world;
  }

  fillSecret(value: string | null): void {
    this.secrets.put(this.secretName, value);
  }

  /**
   * From here on the handlers know nothing of the base, as in a container that has just begun: what they learn of a
   * base they keep by its address, and this spells the same address in a way that is new to them.
   */
  beginNewContainer(): void {
    this.#containers += 1;
    const { port } = new URL(this.airtable.url);
    setEnvironment({ AIRTABLE_ENDPOINT_URL: `http://127.0.0.1:${'0'.repeat(this.#containers)}${port}` });
  }

  /** Sends a signed callback to a handler, as API Gateway would, and reads its answer. */
  async ask(
    handler: CallbackHandler,
    parameters: Readonly<Record<string, string>>,
    sending: Sending,
  ): Promise<Answer> {
    return this.deliver(handler, callbackEvent(parameters, { authToken: AUTH_TOKEN, ...sending }));
  }

  async deliver(handler: CallbackHandler, event: CallbackEvent): Promise<Answer> {
    const lines = captureLogLines();
    try {
      const answer = await handler(event, lambdaContext('test', 10_000));
      return { ...readAnswer(answer), ...lines.taken };
    } finally {
      lines.stop();
    }
  }

  /** Delivers several events at the same time; every answer comes with the log lines of them all. */
  async deliverTogether(
    deliveries: readonly { readonly handler: CallbackHandler; readonly event: CallbackEvent }[],
  ): Promise<TimedAnswer[]> {
    const lines = captureLogLines();
    const startedAt = performance.now();
    try {
      const answers = deliveries.map(async ({ handler, event }) => {
        const answer = await handler(event, lambdaContext('test', 10_000));
        return { ...readAnswer(answer), milliseconds: performance.now() - startedAt, ...lines.taken };
      });
      return await Promise.all(answers);
    } finally {
      lines.stop();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.airtable.close(), this.twilio.close()]);
  }
}

/** What the secret holds where a test says nothing else. */
export const CREDENTIALS = { ACCOUNT_SID, AUTH_TOKEN, AIRTABLE_API_KEY };

// One for each test file: the handlers' client keeps the address that it first had.
let secretsManager: Promise<SecretsManager> | undefined;
let secretsPut = 0;

/** Stops what the worlds of a test file have in common. */
export async function closeWorlds(): Promise<void> {
  await (await secretsManager)?.close();
}

function setEnvironment(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}

const HttpAnswer = v.object({
  statusCode: v.number(),
  headers: v.record(v.string(), v.unknown()),
  body: v.pipe(v.string(), v.parseJson()),
});

function readAnswer(answer: unknown): Pick<Answer, 'status' | 'headers' | 'body'> {
  const { statusCode, headers, body } = v.parse(HttpAnswer, answer);
  return { status: statusCode, headers, body };
}
