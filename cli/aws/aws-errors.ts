import {
  errorCode,
  errorMessage,
  isKnownError,
  ServiceUnavailableError,
  UpstreamError,
} from '../../lambdas/errors';
import { AwsSetupError } from './aws-setup-error';

// package.json's engines decide the Node version; the SDK's deprecation warning would only distract.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

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
  const name = awsErrorName(error);
  const message = errorMessage(error);
  if (message === 'Region is missing') {
    return new AwsSetupError(
      'No AWS region is set',
      'set AWS_REGION, or a region in your AWS profile',
      error,
    );
  }
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return withoutCredentials(error);
  if (EXPIRED.test(name)) {
    return new AwsSetupError(
      'The AWS credentials have expired',
      `get new ones (for SSO: ${ssoLogin()})`,
      error,
    );
  }
  if (UNKNOWN_KEYS.test(name)) {
    return new AwsSetupError(
      `AWS rejected these credentials (${name})`,
      "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or the profile that holds them, and this machine's clock",
      error,
    );
  }
  if (DENIED.test(name)) {
    return new AwsSetupError(
      `AWS denied ${action}: ${message}`,
      'grant the permission, or use other credentials (AWS_PROFILE)',
      error,
    );
  }
  if (BUSY.test(name)) {
    return new ServiceUnavailableError(`AWS returned ${name} for ${action}: try again in a minute`, 60, {
      cause: error,
    });
  }
  const code = errorCode(error);
  if (code === 'ENOTFOUND') {
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
    const region = AWS_REGION || AWS_DEFAULT_REGION || 'of the AWS profile';
    return new AwsSetupError(
      `AWS has no endpoint in the region ${region}, or there is no network`,
      'correct AWS_REGION or the region of the AWS profile, such as eu-west-1',
      error,
    );
  }
  if (name === 'TimeoutError' || (typeof code === 'string' && NETWORK.test(code))) {
    const how = name === 'TimeoutError' ? 'timed out' : message;
    return new ServiceUnavailableError(
      `AWS cannot be reached for ${action} (${how}): check the network, the region and AWS_ENDPOINT_URL`,
      60,
      { cause: error },
    );
  }
  return new UpstreamError(`AWS returned ${name} for ${action}: ${message}`, { cause: error });
}

function withoutCredentials(error: unknown): AwsSetupError {
  if (/sso/i.test(errorMessage(error))) {
    return new AwsSetupError('The AWS SSO session has expired or does not exist', `run ${ssoLogin()}`, error);
  }
  const profile = process.env['AWS_PROFILE'];
  return profile
    ? new AwsSetupError(`The AWS profile ${profile} has no credentials`, 'correct AWS_PROFILE', error)
    : new AwsSetupError('No AWS credentials found', 'set AWS_PROFILE, or run aws configure', error);
}

function ssoLogin(): string {
  const profile = process.env['AWS_PROFILE'];
  return profile ? `aws sso login --profile ${profile}` : 'aws sso login';
}
