import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { credentialsCache } from '../credentials/container-credentials';
import { NotSigned } from '../errors/errors';
import { signingToken } from '../twilio/signature';
import type {
  WithConfiguration,
  WithCredentials,
  WithDeadline,
  WithForm,
  WithJournal,
  WithRawRequest,
} from './callback-context';

type Needs = WithJournal & WithDeadline & WithConfiguration & WithRawRequest & WithForm & WithCredentials;

/**
 * Lets only the account's own Twilio through. A signature that fails may mean that the token was rotated, so the
 * credentials are fetched once more, where they are not fresh, before the answer is no.
 */
export function verifyTwilioSignature(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, Needs> {
  return {
    before: async ({ context }) => {
      let proof = prove(context);
      if ('objection' in proof) {
        const renewed = await credentialsCache()
          .reload(context.deadline)
          .catch((reason: unknown) => {
            context.journal.warn(`The credentials could not be fetched once more: ${String(reason)}`);
            return null;
          });
        if (renewed !== null) context.credentials = renewed;
        proof = prove(context);
      }
      if ('objection' in proof) throw new NotSigned(proof.objection);
      // Twilio signs with the primary token, which REST takes whatever has become of the other one.
      context.credentials = { ...context.credentials, authToken: proof.token };
    },
  };
}

/** The token that the request was signed with, or what speaks against it. */
function prove({
  configuration,
  rawRequest,
  form,
  credentials,
}: Needs): { token: string } | { objection: string } {
  const url = (configuration.publicBaseUrl ?? rawRequest.apiUrl) + rawRequest.target;
  const token = signingToken(credentials.signingTokens, { ...rawRequest, url, form });
  if (token === null) {
    return {
      objection:
        `The signature is not this account's for ${url.split('?')[0]}: the URL in the Twilio console must be exactly ` +
        "this one (PUBLIC_BASE_URL sets it for a custom domain), and AUTH_TOKEN the account's own",
    };
  }
  if ((form.AccountSid || credentials.accountSid) === credentials.accountSid) return { token };
  return {
    objection:
      'AccountSid is not the ACCOUNT_SID of the secret: the service belongs to another Twilio account',
  };
}
