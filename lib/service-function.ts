import { fileURLToPath } from 'node:url';
import { ArnFormat, Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { STACK_VARIABLES } from '../lambdas/config';
import { AIRTABLE_WEBHOOK_PATH } from '../lambdas/sync/ping';
import { type CallbackName, callbackPath } from '../lambdas/twilio/callbacks';
import type { FunctionName, ServiceFunctionName } from './function-names';
import { FUNCTION_TIMEOUTS_MS } from './function-timeouts';
import { syncFunctionName } from './stack-names';

export interface ServiceFunctionProps<TName extends FunctionName = ServiceFunctionName> {
  /** Also the name of the file in `lambdas/` that exports `handler`. */
  readonly serviceName: TName;
  /** Its name at AWS; undefined to let CloudFormation generate one. */
  readonly functionName?: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  /**
   * How long Lambda keeps an asynchronous event for a function that cannot start at once. Null for a function that is
   * only invoked synchronously.
   */
  readonly eventAge: Duration | null;
}

/** The SDK takes its credentials from the environment, so its other credential providers are not bundled. */
const ENVIRONMENT_CREDENTIALS = fileURLToPath(new URL('../lambdas/credentials/credentials', import.meta.url));

/** A function of the service: bundled by esbuild, with its own log group and no other permission. */
export class ServiceFunction<TName extends FunctionName = ServiceFunctionName> extends NodejsFunction {
  /** The name in the code; `functionName` is the one at AWS. */
  readonly serviceName: TName;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<TName>) {
    // Logs report what happened, never a customer's data. They have no use without the stack, and a retained group
    // would cost money for ever.
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The role that CDK would create may create and write every log group of the account.
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
      timeout: Duration.millis(FUNCTION_TIMEOUTS_MS[props.serviceName]),
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      role,
      logGroup,
      // It applies to version 2 of the SDK only.
      awsSdkConnectionReuse: false,
      // A failed run is not retried: the next scheduled run does the rest.
      ...(props.eventAge !== null && { retryAttempts: 0, maxEventAge: props.eventAge }),
      bundling: {
        format: OutputFormat.CJS,
        // Older than the runtime, so that the code tested on Node 20 is the code that runs.
        target: 'node20',
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        // The ES module builds of dependencies, so that unused code is left out.
        mainFields: ['module', 'main'],
        // The SDK is bundled: the tested version, and of it only the code in use.
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

/**
 * Lets a function start runs of sync, and sets the variable with sync's name.
 * @param stackName of the stack that sync is in, in the account and region of `stack`
 */
export function grantStartSync(stack: Stack, user: LambdaFunction, stackName: string): void {
  const name = syncFunctionName(stackName);
  const arn = stack.formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  user.addToRolePolicy(invocationOf(arn));
  user.addEnvironment(STACK_VARIABLES.syncFunction, name);
}

/** The settings of a function that handles a Twilio callback. */
export function callbackProps(name: CallbackName) {
  return {
    serviceName: name,
    path: callbackPath(name),
    description: `Handles the ${name} callback`,
    // 1024 MB because of the CPU that comes with it: a cold start is module loading and TLS handshakes, and Twilio
    // waits 5 s in all. The rest of the time a callback waits for DynamoDB or Twilio, so twice the memory would cost
    // twice as much for little gain.
    memoryMegabytes: 1024,
    eventAge: null,
  };
}

/** The settings of the function that Airtable's webhook calls. */
export const AIRTABLE_WEBHOOK = {
  serviceName: 'airtable-webhook',
  path: AIRTABLE_WEBHOOK_PATH,
  description: "Verifies Airtable's change notifications and starts sync",
  // Airtable does not need a fast response; this is enough to load the SDK in well under a second.
  memoryMegabytes: 512,
  eventAge: null,
} as const;

/** The settings of the function that copies the base into the replica. */
export const SYNC = {
  serviceName: 'sync',
  description: 'Copies the Airtable base into the replica, and opt-outs into the base',
  // Because of the CPU that comes with it, 0.58 of one. A first pass takes 1.2 s of CPU for a thousand customers
  // (measured), which is half a CPU while Airtable delivers four pages a second; a later pass takes a seventh of that.
  // More would be paid for while runs wait, which is most of their time: for Airtable, and for the next drain while
  // people type.
  memoryMegabytes: 1_024,
  // A scheduled run has made an older event obsolete.
  eventAge: Duration.minutes(5),
} as const;
