import {
  ConfigurationError,
  errorCode,
  errorMessage,
  isKnownError,
  ServiceUnavailableError,
  UpstreamError,
} from '../../lambdas/errors';
import { joined, type Plan, type PlanPart } from '../plan/plan';
import { quoteForShell } from '../terminal/quote-for-shell';

/**
 * Options of every AWS client: the caller's AWS environment (profile, region, AWS_ENDPOINT_URL) and timeouts. Reads
 * AWS_DEFAULT_REGION, as the AWS and CDK command lines do, because the SDK for JavaScript ignores it.
 */
export function clientOptions() {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return {
    ...(!AWS_REGION && AWS_DEFAULT_REGION && { region: AWS_DEFAULT_REGION }),
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
  };
}

/**
 * Calls AWS and maps its errors to errors with a fix.
 * @param action such as `cloudformation:DescribeStacks`
 * @throws {AwsSetupError} if credentials, region or permissions are invalid
 * @throws {ServiceUnavailableError} if AWS is unreachable or throttles; {UpstreamError} if it rejects the request
 * otherwise
 */
export async function callAws<T>(action: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw explain(error, action);
  }
}

/** An error of DynamoDB that the caller's own credentials caused, with its fix; any other error as it is. */
export function withFix(error: unknown): unknown {
  if (!(error instanceof ServiceUnavailableError)) return error;
  const explained = explain(error.cause, 'DynamoDB');
  return explained instanceof AwsSetupError ? explained : error;
}

/** The SDK's name of an error: `ValidationError`, `ExpiredToken`. */
export function awsErrorName(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}

const EXPIRED = /^(ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired|UnauthorizedException)$/;
const UNKNOWN_KEYS =
  /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure|InvalidAccessKeyId)$/;
const DENIED = /^(AccessDenied(Exception)?|UnauthorizedOperation|OptInRequired|Forbidden)$/;
const BUSY =
  /^(Throttling(Exception)?|RequestLimitExceeded|TooManyRequestsException|ServiceUnavailable(Exception)?|Internal(Failure|ServerError|ServiceError)|ServerException)$/;
const NETWORK = /^(E[A-Z_]+|UND_ERR\w*|CERT_\w+|.*_CERT\w*)$/;

function explain(error: unknown, action: string): Error {
  if (isKnownError(error)) return error;
  const setupError = (problem: string, fix: string) => new AwsSetupError(problem, fix, error);
  const unavailable = (message: string) => new ServiceUnavailableError(message, 60, { cause: error });
  const name = awsErrorName(error);
  const message = errorMessage(error);
  const code = errorCode(error);
  const { AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  if (message === 'Region is missing') {
    return setupError('No AWS region is set', 'set AWS_REGION, or a region in your AWS profile');
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    if (/sso/i.test(message)) {
      return setupError('The AWS SSO session has expired or does not exist', `run ${ssoLogin()}`);
    }
    return AWS_PROFILE
      ? setupError(`The AWS profile ${AWS_PROFILE} has no credentials`, 'correct AWS_PROFILE')
      : setupError('No AWS credentials found', 'set AWS_PROFILE, or run aws configure');
  }
  if (EXPIRED.test(name)) {
    return setupError('The AWS credentials have expired', `get new ones (for SSO: ${ssoLogin()})`);
  }
  if (UNKNOWN_KEYS.test(name)) {
    const fix =
      "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or the profile that holds them, and this machine's clock";
    return setupError(`AWS rejected these credentials (${name})`, fix);
  }
  if (DENIED.test(name)) {
    const fix = 'grant the permission, or use other credentials (AWS_PROFILE)';
    return setupError(`AWS denied ${action}: ${message}`, fix);
  }
  if (BUSY.test(name)) return unavailable(`AWS returned ${name} for ${action}: try again in a minute`);
  if (code === 'ENOTFOUND') {
    const region = AWS_REGION || AWS_DEFAULT_REGION || 'of the AWS profile';
    const fix = 'correct AWS_REGION or the region of the AWS profile, such as eu-west-1';
    return setupError(`AWS has no endpoint in the region ${region}, or there is no network`, fix);
  }
  if (name === 'TimeoutError' || (typeof code === 'string' && NETWORK.test(code))) {
    const how = name === 'TimeoutError' ? 'timed out' : message;
    return unavailable(
      `AWS cannot be reached for ${action} (${how}): check the network, the region and AWS_ENDPOINT_URL`,
    );
  }
  return new UpstreamError(`AWS returned ${name} for ${action}: ${message}`, { cause: error });
}

function ssoLogin(): string {
  const profile = process.env['AWS_PROFILE'];
  return profile ? `aws sso login --profile ${quoteForShell(profile)}` : 'aws sso login';
}

/** AWS cannot be used with this setup: no credentials, no region, no permissions, or a deleted resource. */
export class AwsSetupError extends ConfigurationError {
  constructor(
    /** The problem and its subject. */
    readonly problem: string,
    /** The fix. */
    readonly fix: string,
    cause?: unknown,
  ) {
    super([`${problem}: ${fix}`], { cause });
  }
}

/** Turns an AWS setup error into a manual step, because only a person can fix it. */
export async function withManualSteps(plan: () => Promise<PlanPart>): Promise<Plan> {
  try {
    return joined([await plan()]);
  } catch (error) {
    if (!(error instanceof AwsSetupError)) throw error;
    return joined([{ manualSteps: [{ what: error.problem, fix: error.fix }] }]);
  }
}
