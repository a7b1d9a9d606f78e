import { validateRequest, validateRequestWithBody } from 'twilio/lib/webhooks/webhooks.js';

/** A form as it came: every name with its value, or its values where it is repeated. */
export type Form = Readonly<Record<string, string | string[] | undefined>>;

/** What Twilio signs: the URL that it was given, to the letter, and the form or the raw body (Twilio contract 7.1). */
export interface SignedRequest {
  readonly url: string;
  readonly form: Form;
  readonly rawBody: string;
  readonly signature: string;
}

/** Whether the signature was made with one of the account's tokens over just this request. */
export function isSignedBy(
  tokens: readonly string[],
  { url, form, rawBody, signature }: SignedRequest,
): boolean {
  const parameters = inThisRealm(form);
  return tokens.some((token) =>
    /[?&]bodySHA256=/.test(url)
      ? validateRequestWithBody(token, signature, url, rawBody)
      : validateRequest(token, signature, url, parameters),
  );
}

/** The official check knows repeated values by `instanceof Array`, which node:querystring's are not under jest. */
function inThisRealm(form: Form): Form {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]),
  );
}
