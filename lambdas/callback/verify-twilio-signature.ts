import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { NotSigned } from '../errors/errors';
import { maskNumbers } from '../journal/mask';
import { isSignedBy } from '../twilio/signature';
import type {
  WithCredentials,
  WithDeadline,
  WithForm,
  WithJournal,
  WithRawRequest,
} from './callback-context';
import { credentialsCache } from './load-credentials';

type Needs = WithJournal & WithDeadline & WithRawRequest & WithForm & WithCredentials;

/**
 * Lets only the account's own Twilio through. A signature that fails may mean that the token was rotated, so the
 * credentials are fetched once more, where they are not fresh, before the answer is no.
 */
export function verifyTwilioSignature(): MiddlewareObj<APIGatewayProxyEventV2, unknown, Error, Needs> {
  return {
    before: async ({ context }) => {
      if (!isOurs(context)) {
        const renewed = await credentialsCache()
          .reload(context.deadline)
          .catch((reason: unknown) => {
            context.journal.warn(`The credentials could not be fetched once more: ${String(reason)}`);
            return null;
          });
        if (renewed !== null) context.credentials = renewed;
        if (renewed === null || !isOurs(context)) throw new NotSigned(explain(context));
      }
      context.journal.about(subjectOf(context));
    },
  };
}

function isOurs({ rawRequest, form, credentials }: Needs): boolean {
  const accountSid = form.AccountSid ?? credentials.accountSid;
  return (
    accountSid === credentials.accountSid && isSignedBy(credentials.signingTokens, { ...rawRequest, form })
  );
}

function explain({ rawRequest: { url } }: Needs): string {
  return (
    `The signature is not this account's for ${url.split('?')[0]}: the URL in the Twilio console must be exactly ` +
    "this one (PUBLIC_BASE_URL sets it for a custom domain), and AUTH_TOKEN the account's own"
  );
}

function subjectOf({ form }: Needs) {
  const text = (name: string) => (typeof form[name] === 'string' ? form[name] : undefined);
  const [location, event] = [text('Location'), text('EventType')];
  const worker = text('Worker') ?? text('ClientIdentity');
  const [customerId, conversationSid] = [text('CustomerId'), text('ConversationSid')];
  return {
    ...(location && { location }),
    ...(event && { event }),
    ...(worker && { worker }),
    ...(customerId && { customerId: maskAddress(customerId) }),
    ...(conversationSid && { conversationSid }),
  };
}

/** A base may use numbers as ids; any other id is needed to find the customer. */
function maskAddress(id: string): string {
  return /^(whatsapp:)?\+/.test(id) ? maskNumbers(id) : id;
}
