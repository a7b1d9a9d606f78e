import * as v from 'valibot';
import { parseUrl } from '../lambdas/characters/parse-url';
import {
  FunctionSettings,
  InboxSettings,
  optionalSetting,
  pattern,
  requiredSetting,
  url,
} from '../lambdas/config-schema';
import { sidPattern } from '../lambdas/twilio/sids';

const accountSid = pattern(sidPattern('AC'), '"AC" and 32 hexadecimal digits');
const authToken = pattern(/^[!-~]+$/, 'letters and digits without spaces');
const airtableToken = pattern(
  /^pat[!-~]+$/,
  'a personal access token, which begins with "pat" (keys that begin with "key" no longer work)',
);

const NOT_AN_EMAIL = 'is malformed: it must be one e-mail address, such as team@example.com';

/** An e-mail address on the Internet: as browsers check it, with a domain below a top-level one. */
export const emailAddress = v.pipe(v.string(), v.rfcEmail(NOT_AN_EMAIL), v.regex(/@.+\./, NOT_AN_EMAIL));

/** The host names of this machine. */
export const THIS_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The form of SSO_REALM_SID. */
export const realmSid = pattern(/^JB[0-9A-Za-z]{32}$/, '"JB" and 32 letters and digits');

/** Settings that no function reads. They stay on the machine, except the credentials, which setup puts into the secret. */
const MACHINE_SETTINGS = {
  ACCOUNT_SID: requiredSetting(accountSid, 'the account SID, on the first page of the Twilio console'),
  AUTH_TOKEN: requiredSetting(authToken, "the account's auth token, on the first page of the Twilio console"),
  AUTH_TOKEN_SECONDARY: optionalSetting(authToken, null),
  WEBHOOK_SHARED_KEYS: optionalSetting(v.string(), null),
  AIRTABLE_API_KEY: requiredSetting(
    airtableToken,
    'a personal access token, pat…, from Airtable > Builder hub > Personal access tokens',
  ),
  AIRTABLE_SETUP_API_KEY: optionalSetting(airtableToken, null),
  TWILIO_API_KEY_SID: optionalSetting(pattern(sidPattern('SK'), '"SK" and 32 hexadecimal digits'), null),
  TWILIO_API_KEY_SECRET: optionalSetting(authToken, null),
  SSO_REALM_SID: optionalSetting(realmSid, null),
  ALARM_EMAIL: optionalSetting(emailAddress, null),
};

const INBOX_SETTINGS = {
  INBOX: optionalSetting(
    v.pipe(
      v.string(),
      v.toLowerCase(),
      v.picklist(['true', 'false'], 'is malformed: it must be true or blank'),
      v.transform((text) => text === 'true'),
    ),
    false,
  ),
  INBOX_URL: optionalSetting(
    v.pipe(
      url,
      v.check(isOrigin, 'is malformed: it must be scheme and host, without a path or user'),
      v.check(
        isSecure,
        'is malformed: it must begin with https://, because CloudFront and the sign-in need it',
      ),
      // As browsers write it, because Cognito and the API compare it with `location.origin` as texts.
      v.transform((text) => new URL(text).origin),
    ),
    null,
  ),
  INBOX_CERTIFICATE_ARN: optionalSetting(
    pattern(
      /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      'the ARN of an ACM certificate in us-east-1, where CloudFront looks for it',
    ),
    null,
  ),
};

/** All settings of `.env`, as setup, doctor, teardown and `npx frontline start --live` need them. */
export const AllSettings = v.object({
  ...MACHINE_SETTINGS,
  ...INBOX_SETTINGS,
  ...FunctionSettings.entries,
  ...InboxSettings.entries,
});

/** The same for `cdk synth`, which needs no credentials. */
export const StackSettings = v.object({
  ...AllSettings.entries,
  ACCOUNT_SID: optionalSetting(accountSid, null),
  AUTH_TOKEN: optionalSetting(authToken, null),
  AIRTABLE_API_KEY: optionalSetting(airtableToken, null),
});

function isOrigin(text: string): boolean {
  const url = parseUrl(text);
  return url?.href === `${url?.origin}/`;
}

/** Browsers and Cognito allow this machine without TLS; an emulator may be there. */
function isSecure(text: string): boolean {
  const url = parseUrl(text);
  return url?.protocol === 'https:' || THIS_MACHINE.test(url?.hostname ?? '');
}
