import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { CallbackName } from '../lambdas/callback/callback-name';

export interface CallbackFunctionProps {
  /** Names the file in `lambdas/` that exports `handler`, too. */
  readonly callback: CallbackName;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeout: Duration;
}

/** A function that answers one callback: bundled by esbuild, logging to its own log group, allowed nothing else. */
export class CallbackFunction extends NodejsFunction {
  readonly callback: CallbackName;

  constructor(scope: Construct, id: string, { callback, environment, timeout }: CallbackFunctionProps) {
    // Logs tell what happened to a callback, never a customer's data; after the stack nobody asks them any more,
    // and a group that stayed would cost for ever.
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The role that CDK would make may create and write every log group of the account.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);

    super(scope, id, {
      entry: fileURLToPath(new URL(`../lambdas/${callback}.ts`, import.meta.url)),
      depsLockFilePath: fileURLToPath(new URL('../package-lock.json', import.meta.url)),
      description: `Answers Frontline's ${callback} callback`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // For the CPU that comes with it: a cold start is module loading and TLS handshakes, and Twilio waits 5 s in
      // all. Most of its life a callback waits for Airtable, so that twice as much would be twice the price for little.
      memorySize: 1024,
      timeout,
      environment: { ...environment, NODE_OPTIONS: '--enable-source-maps' },
      role,
      logGroup,
      // It is about version 2 of the SDK only.
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.CJS,
        // Older than the runtime, so that what was tested on Node 20 is what runs.
        target: 'node20',
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        // The ES module builds of dependencies, so that what nobody calls is left out.
        mainFields: ['module', 'main'],
        // The SDK travels with us: the version that was tested, and of it only what is used.
        bundleAwsSDK: true,
        externalModules: [],
        logLevel: LogLevel.WARNING,
      },
    });
    this.callback = callback;
  }
}
