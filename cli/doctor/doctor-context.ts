import type { AirtableClient } from '../../lambdas/airtable/airtable-client';
import { AirtableWebhooks, type Webhook } from '../../lambdas/airtable/airtable-webhooks';
import type { Environment } from '../../lambdas/config';
import { ConfigurationError } from '../../lambdas/errors';
import { AIRTABLE_WEBHOOK_PATH } from '../../lambdas/sync/ping';
import { INBOX_STACK_NAME } from '../../lib/stack-names';
import { type AirtableContext, airtableContext } from '../airtable/plan-airtable';
import { openAirtable, type Pacing } from '../airtable/rate-limited-base';
import type { BaseSchema } from '../airtable/schema';
import { AwsSetupError } from '../aws/aws-errors';
import { type CachedAws, cachedAws } from '../aws/cached-lookups';
import { type DeployedStack, type StackOutputs, stackOutputs } from '../aws/deployed-stack';
import { deployedStores, noReplica } from '../aws/deployed-stores';
import { noStack } from '../aws/stack-errors';
import { openDeployedInbox } from '../inbox/deployed-inbox';
import { type InboxOutputs, inboxOutputs } from '../inbox/inbox-outputs';
import { siteFor } from '../inbox/inbox-step';
import type { Site } from '../inbox/site/site-files';
import { memoize } from '../plan/memoize';
import type { ServiceStores } from '../replica/open-stores';
import { readSettings, type Settings } from '../settings/settings';
import type { InboxWorker } from '../twilio/default-workers';
import { type TwilioContext, twilioContext } from '../twilio/twilio-parts';
import { TeamData } from './data/team-data';
import { INVITE, type InboxTeam } from './inbox-workers';

/** The systems that the checks read. Each value is read once, when the first check needs it. */
export interface DoctorContext {
  readonly environment: Environment;
  readonly pacing: Pacing;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** @throws {ConfigurationError} */
  readonly settings: () => Settings;
  readonly twilio: () => TwilioContext;
  readonly airtable: () => AirtableContext;
  /** The base, with the token of the deployed functions. */
  readonly base: () => AirtableClient;
  /** @throws {GoneOrForbiddenError} if the token may not list them */
  readonly listWebhooks: () => Promise<readonly Webhook[]>;
  /** @throws {SkippedError} if the token may not read the schema */
  readonly schema: () => Promise<BaseSchema>;
  /** The team's records. */
  readonly data: () => TeamData;
  readonly aws: CachedAws;
  /** @throws {AwsSetupError} without a stack */
  readonly stack: () => Promise<DeployedStack>;
  readonly outputs: () => Promise<StackOutputs>;
  /** @throws {AwsSetupError} without an inbox */
  readonly inboxStack: () => Promise<DeployedStack>;
  readonly inboxOutputs: () => Promise<InboxOutputs>;
  /** This folder's build of the app, for the deployed inbox. */
  readonly inboxSite: () => Promise<Site>;
  readonly inbox: () => Promise<InboxTeam>;
  /** @throws {SkippedError} if they cannot be read, or no worker is invited yet */
  readonly inboxWorkers: () => Promise<readonly InboxWorker[]>;
  /** @throws {AwsSetupError} if the deployed version has no replica */
  readonly stores: () => Promise<Pick<ServiceStores, 'replica' | 'optOuts'>>;
  /** Customers and templates as the callbacks read them. */
  readonly customers: () => Promise<ServiceStores['customers']>;
  /** The URL that Airtable's webhook must call. */
  readonly webhookUrl: () => Promise<string>;
}

/** A check cannot be made, but nothing is known to be wrong. */
export class SkippedError extends Error {
  override readonly name = 'SkippedError';

  constructor(
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}

export function doctorContext(
  environment: Environment,
  pacing: Pacing,
  replaced: Partial<DoctorContext> = {},
): DoctorContext {
  const access = () => {
    const { configuration, airtableApiKey: apiKey } = context.settings();
    return { url: configuration.airtableUrl, baseId: configuration.airtableBaseId, apiKey };
  };
  const deployed = memoize(async () => {
    const stores = deployedStores(await context.stack(), context.settings().configuration);
    if (stores === null) throw noReplica();
    return stores;
  });
  const context: DoctorContext = {
    environment,
    pacing,
    now: Date.now,
    settings: memoize(() => readSettings(environment)),
    twilio: memoize(() =>
      twilioContext({
        settings: context.settings(),
        callbackUrl: async () => (await context.outputs()).callbackUrls['twilio-conversations'],
        isInboxStackAbsent: async () => (await context.aws.inboxStack()) === null,
        replaceExisting: false,
        inboxWorkers: context.inboxWorkers,
      }),
    ),
    airtable: memoize(() => airtableContext(context.settings(), pacing)),
    base: memoize(() => openAirtable(access(), pacing)),
    listWebhooks: () => new AirtableWebhooks(access(), context.base()).listWebhooks(),
    schema: memoize(async () => {
      const schema = await context.airtable().schema();
      if (!(schema instanceof ConfigurationError)) return schema;
      throw new SkippedError("cannot read the base's tables and columns", schema.message);
    }),
    data: memoize(() => new TeamData(context.settings(), context.schema, pacing)),
    aws: cachedAws(),
    stack: async () => {
      const stack = await context.aws.stack();
      if (stack === null) throw noStack();
      return stack;
    },
    outputs: async () => stackOutputs(await context.stack()),
    inboxStack: async () => {
      const stack = await context.aws.inboxStack();
      if (stack === null) throw noStack(INBOX_STACK_NAME);
      return stack;
    },
    inboxOutputs: async () => inboxOutputs(await context.inboxStack()),
    inboxSite: memoize(async () => siteFor(await context.inboxOutputs(), context.settings().inbox)),
    inbox: openDeployedInbox,
    inboxWorkers: memoize(async () => {
      const workers = await readWorkers(context);
      // Between a first setup and the first invitation, nothing is wrong yet.
      if (workers.length === 0) throw new SkippedError('no worker is invited yet', INVITE);
      return workers;
    }),
    stores: deployed,
    customers: async () => (await deployed()).customers,
    webhookUrl: async () => {
      const { publicBaseUrl } = context.settings().configuration;
      return `${publicBaseUrl ?? (await context.outputs()).apiUrl}${AIRTABLE_WEBHOOK_PATH}`;
    },
    ...replaced,
  };
  return context;
}

async function readWorkers({ inbox }: Pick<DoctorContext, 'inbox'>): Promise<readonly InboxWorker[]> {
  try {
    return await (await inbox()).workers.list();
  } catch (error) {
    if (!(error instanceof AwsSetupError)) throw error;
    throw new SkippedError(`cannot read the workers of the inbox: ${error.problem}`, error.fix);
  }
}
