import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { AIRTABLE_WEBHOOK_PATH } from '../lambdas/sync/ping-path';
import { functionTimeoutMs } from '../lambdas/twilio/callback-timeouts';
import { type CallbackName, callbackPath } from '../lambdas/twilio/callbacks';

/** The functions of the service, named as their files in `lambdas/` are. */
export type FunctionName = CallbackName | 'airtable-webhook' | 'sync';

export interface ServiceFunctionProps {
  /** Names the file in `lambdas/` that exports `handler`, too. */
  readonly serviceName: FunctionName;
  /** Its name at AWS; undefined for one that CloudFormation makes up. */
  readonly functionName?: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  /**
   * How long Lambda keeps an asynchronous event for a function that cannot start at once. Null for a function that is
   * only invoked synchronously.
   */
  readonly eventAge: Duration | null;
}

/** Invoked with credentials that are in its environment, the SDK needs none of its other ways to find some. */
const ENVIRONMENT_CREDENTIALS = fileURLToPath(
  new URL('../lambdas/credentials/environment-credentials.ts', import.meta.url),
);

/** A function of the service: bundled by esbuild, with a log group of its own and no other permission. */
export class ServiceFunction extends NodejsFunction {
  /** The name in the code; `functionName` is the one at AWS. */
  readonly serviceName: FunctionName;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    // Logs tell what happened, never a customer's data. They are of no use without the stack, and a group that stayed
    // would cost for ever.
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The role that CDK would make may create and write every log group of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    super(scope, id, {
      entry: fileURLToPath(new URL(`../lambdas/${props.serviceName}.ts`, import.meta.url)),
      depsLockFilePath: fileURLToPath(new URL('../package-lock.json', import.meta.url)),
      ...(props.functionName !== undefined && { functionName: props.functionName }),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout: props.timeout,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      role,
      logGroup,
      // It is about version 2 of the SDK only.
      awsSdkConnectionReuse: false,
      // A run that failed is not repeated: the next one by schedule does what it left.
      ...(props.eventAge !== null && { retryAttempts: 0, maxEventAge: props.eventAge }),
      bundling: {
        format: OutputFormat.CJS,
        // Older than the runtime, so that what was tested on Node 20 is what runs.
        target: 'node20',
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        // The ES module builds of dependencies, so that code which is never called is left out.
        mainFields: ['module', 'main'],
        // The SDK travels with us: the version that was tested, and of it only what is used.
        bundleAwsSDK: true,
        externalModules: [],
        esbuildArgs: { '--alias': [`@aws-sdk/credential-provider-node=${ENVIRONMENT_CREDENTIALS}`] },
        logLevel: LogLevel.WARNING,
      },
    });
    this.serviceName = props.serviceName;
  }
}

/** The permission to invoke exactly this function; CDK's own grant includes every version and alias by a wildcard. */
export function invocationOf(functionArn: string): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] });
}

/** The settings of a function that answers a callback of Twilio's. */
export function callbackProps(name: CallbackName) {
  return {
    serviceName: name,
    path: callbackPath(name),
    description: `Answers Frontline's ${name} callback`,
    timeout: Duration.millis(functionTimeoutMs(name)),
    // For the CPU that comes with it: a cold start is module loading and TLS handshakes, and Twilio waits 5 s in all.
    // The rest of its time a callback waits for DynamoDB or Twilio, so that twice as much would cost twice as much for
    // little.
    memoryMegabytes: 1024,
    eventAge: null,
  };
}

/** The settings of the function that Airtable's webhook calls. */
export const AIRTABLE_WEBHOOK = {
  serviceName: 'airtable-webhook',
  path: AIRTABLE_WEBHOOK_PATH,
  description: "Checks Airtable's notifications of changes and starts sync",
  // Airtable waits 25 s and tries again (airtable.md#webhook-notifications).
  timeout: Duration.seconds(10),
  // Airtable is in no hurry; this is enough to load the SDK in well under a second.
  memoryMegabytes: 512,
  eventAge: null,
} as const;

/** The settings of the function that copies the base into the replica. */
export const SYNC = {
  serviceName: 'sync',
  description: 'Copies the Airtable base into the replica, and opt-outs into the base',
  // The most that Lambda gives: a pass of 250,000 customers needs nearly all of it.
  timeout: Duration.minutes(15),
  // For the CPU that comes with it, 0.58 of one. A first pass takes 1.2 s of CPU for a thousand customers (measured),
  // which are half a CPU while Airtable delivers four pages a second; a later pass takes a seventh of that. More would be
  // paid for while runs wait, which is most of their time: for Airtable, and for the next drain while people type.
  memoryMegabytes: 1_024,
  // An event that waited for longer than this has been overtaken by the schedule.
  eventAge: Duration.minutes(5),
} as const;
