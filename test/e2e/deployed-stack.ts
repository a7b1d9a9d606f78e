import { readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import * as v from 'valibot';
import { type CallbackName, callbackPath } from '../../lambdas/twilio/callbacks';
import { run } from './command';
import { ACCOUNT, type MiniStack, REGION, ROOT } from './ministack';
import type { Place } from './place';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const ANSWER_SECONDS = 30;

const Outputs = v.object({
  FrontlineAirtable: v.looseObject({
    ApiUrl: v.string(),
    CredentialsSecretArn: v.string(),
    AlarmTopicArn: v.string(),
    DashboardUrl: v.string(),
    ReplicaTableName: v.string(),
    OptOutTableName: v.string(),
    InboxTableName: v.string(),
    InboxQueueUrl: v.string(),
    SyncFunctionName: v.string(),
  }),
});

export type Form = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number | undefined;
  readonly body: unknown;
}

/** The stack after `cdk deploy`, with the requests of Twilio, an operator and a stranger. */
export class DeployedStack {
  private constructor(
    readonly cloud: MiniStack,
    private readonly signal: AbortSignal,
    /** The callbacks' public URL, which Twilio signs. */
    readonly publicUrl: string,
    readonly outputs: v.InferOutput<typeof Outputs>['FrontlineAirtable'],
  ) {}

  static async deploy(
    cdk: Cdk,
    { cloud, folder, signal }: Pick<Place, 'cloud' | 'folder' | 'signal'>,
    publicUrl: string,
  ): Promise<DeployedStack> {
    const file = join(folder, 'outputs.json');
    await cdk('deploy', '--require-approval', 'never', '--outputs-file', file);
    const { FrontlineAirtable } = v.parse(Outputs, JSON.parse(readFileSync(file, 'utf8')));
    return new DeployedStack(cloud, signal, publicUrl, FrontlineAirtable);
  }

  /** An operator's manual steps after the first deployment. */
  async fillSecret(credentials: Readonly<Record<string, string>>): Promise<void> {
    const client = new SecretsManagerClient({ endpoint: this.cloud.url, region: REGION, credentials: ROOT });
    const SecretId = this.outputs.CredentialsSecretArn;
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(credentials) }), {
      abortSignal: this.signal,
    });
    client.destroy();
  }

  /** Posts a callback as Twilio does, signed with `token`, unsigned without one. */
  async post(callback: CallbackName, form: Form, token?: string): Promise<Answer> {
    const path = callbackPath(callback);
    const signed = token && getExpectedTwilioSignature(token, `${this.publicUrl}${path}`, { ...form });
    return this.send('POST', path, new URLSearchParams(form).toString(), {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      ...(signed && { 'x-twilio-signature': signed }),
    });
  }

  async send(method: string, path: string, body = '', headers: Record<string, string> = {}): Promise<Answer> {
    const sent = request({
      host: '127.0.0.1',
      port: this.cloud.port,
      method,
      path,
      // MiniStack finds the API by this header; the name itself need not resolve.
      headers: {
        ...headers,
        host: new URL(this.outputs.ApiUrl).host,
        'content-length': Buffer.byteLength(body),
      },
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(ANSWER_SECONDS * 1000)]),
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject).end(body);
    });
    const answer = await text(response);
    const isJson = /^application\/json/.test(response.headers['content-type'] ?? '');
    return { status: response.statusCode, body: isJson && answer !== '' ? JSON.parse(answer) : answer };
  }
}

/** Runs the real CDK command line, as typed by a person. */
export type Cdk = (...args: readonly string[]) => Promise<string>;

/**
 * The CDK command line against the emulator, with nothing of the caller's environment but the path, so that neither a
 * profile of a real account nor a `.env` has any effect.
 */
export function cdkAgainst(
  cloud: MiniStack,
  folder: string,
  configuration: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Cdk {
  const env = {
    ...configuration,
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    HOME: folder,
    TMPDIR: folder,
    CI: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
    AWS_ENDPOINT_URL: cloud.url,
    AWS_ENDPOINT_URL_S3: cloud.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
  };
  const program = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');
  leaveOutSavedQueries(folder);
  const options = ['--output', join(folder, 'cdk.out'), '--no-notices', '--no-version-reporting'];
  return (...args) => run(process.execPath, [program, ...args, ...options], { env, cwd: PROJECT, signal });
}

/** The emulator's CloudFormation lacks their type; cfn-lint checks them instead. */
export function leaveOutSavedQueries(home: string): void {
  writeFileSync(join(home, '.cdk.json'), JSON.stringify({ context: { savedQueries: false } }));
}

/** Prepares the emulated account for deployments, once. */
export async function bootstrap(cdk: Cdk): Promise<void> {
  await cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`);
}
