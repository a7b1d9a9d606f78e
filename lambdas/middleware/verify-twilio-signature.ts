import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readPublicBaseUrl } from '../config';
import { credentialsCache } from '../container';
import type { Credentials } from '../credentials/credentials';
import { InvalidSignatureError } from '../errors';
import type {
  WithCredentials,
  WithDeadline,
  WithForm,
  WithRawRequest,
  WithRequestLog,
  WithVerification,
} from '../request/request-context';
import { checkSignature, type SignatureCheck } from '../twilio/signature';

type Needs = WithRequestLog & WithDeadline & WithRawRequest & WithForm & WithCredentials & WithVerification;

/**
 * Accepts only requests that Twilio signed for this account. A failed signature may mean that the token was rotated, so
 * credentials that are not fresh are fetched again before the request is rejected. If they did not change, no signature
 * is computed again.
 */
export function verifyTwilioSignature(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, Needs> {
  return {
    before: async ({ context }) => {
      let verification = verify(context, context.credentials);
      if ('reason' in verification) {
        const renewed = await reload(context);
        if (renewed !== null && !hasSameSecrets(renewed, context.credentials)) {
          verification = verify(context, renewed);
          context.credentials = renewed;
        }
      }
      if ('reason' in verification) throw new InvalidSignatureError(verification.reason);
      // Twilio signs with the primary token, which REST accepts even if the other one is revoked.
      if (verification.kind === 'auth-token')
        context.credentials = { ...context.credentials, authToken: verification.token };
      context.isFromTwilio = true;
    },
  };
}

async function reload({ deadline, requestLog }: Needs): Promise<Credentials | null> {
  return credentialsCache()
    .reload(deadline)
    .catch((reason: unknown) => {
      requestLog.warn(`Could not refresh credentials: ${String(reason)}`);
      return null;
    });
}

function hasSameSecrets(a: Credentials, b: Credentials): boolean {
  const secrets = ({ accountSid, signingTokens, sharedKeys }: Credentials) =>
    JSON.stringify([accountSid, signingTokens, sharedKeys]);
  return secrets(a) === secrets(b);
}

type Verification = Exclude<SignatureCheck, { kind: 'invalid' }> | { readonly reason: string };

/** The secret that signed the request, or the reason why it is not valid: for the log, never for the caller. */
function verify({ rawRequest, form }: Needs, credentials: Credentials): Verification {
  const url = (readPublicBaseUrl(process.env) ?? rawRequest.apiUrl) + rawRequest.target;
  const check = checkSignature({ ...rawRequest, url, form }, credentials);
  if (check.kind === 'invalid') return { reason: REASONS[check.reason](url.split('?')[0] ?? url) };
  // Twilio may repeat a parameter, and routing must not fail because of that.
  const accounts = [form['AccountSid'] ?? []].flat();
  if (accounts.every((account) => account === '' || account === credentials.accountSid)) return check;
  return {
    reason: 'AccountSid is not the ACCOUNT_SID of the secret: the service belongs to another Twilio account',
  };
}

const REASONS = {
  mismatch: (url: string) =>
    `Signature mismatch for ${url}. The URL in the Twilio console must match exactly (PUBLIC_BASE_URL sets it for a ` +
    "custom domain), and AUTH_TOKEN or WEBHOOK_SHARED_KEYS must be the account's own",
  'no-shared-key': () =>
    'The request has the header X-Twilio-Webhooks-Signature-Settings, so a shared key signed it, and the secret has ' +
    'none: put the shared key into its WEBHOOK_SHARED_KEYS',
  'unknown-algorithm': () =>
    'The header X-Twilio-Webhooks-Signature-Settings names an algorithm that is not supported: HMAC_SHA256 and ' +
    'HMAC_SHA1 are',
} as const;
