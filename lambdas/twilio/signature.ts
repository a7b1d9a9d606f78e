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

/** Which of the account's tokens the signature was made with over just this request; null where none was. */
export function signingToken(
  tokens: readonly string[],
  { url, form, rawBody, signature }: SignedRequest,
): string | null {
  const token = tokens.find((each) =>
    /[?&]bodySHA256=/.test(url)
      ? validateRequestWithBody(each, signature, url, rawBody)
      : validateRequest(each, signature, url, form),
  );
  return token ?? null;
}
