import { afterEach } from '@jest/globals';
import twilio from 'twilio';
import RequestClient from 'twilio/lib/base/RequestClient.js';
import {
  startTwilio,
  type TwilioEmulator,
  type TwilioOptions,
} from '../../../emulators/twilio/twilio-emulator';

export const ACCOUNT_SID = 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef';
export const SMS_NUMBER = '+15017122661';
export const WHATSAPP_NUMBER = 'whatsapp:+15017122661';
export const CUSTOMER = '+14155550123';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** Closes it when the test ends, whether it passes or fails. */
export function closedAfterTest<T extends { close(): Promise<void> }>(one: T): T {
  open.push(one);
  return one;
}

/** An emulator of Twilio for one test. */
export async function aTwilio(options: Partial<TwilioOptions> = {}): Promise<TwilioEmulator> {
  const account = {
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    ourNumbers: [SMS_NUMBER, WHATSAPP_NUMBER],
  };
  return closedAfterTest(await startTwilio({ ...account, ...options }));
}

/** Twilio's official client, whose requests go to the emulator. */
export function officialClient({ url }: TwilioEmulator, authToken = AUTH_TOKEN) {
  return twilio(ACCOUNT_SID, authToken, { httpClient: new Redirected(url) });
}

class Redirected extends RequestClient {
  constructor(readonly url: string) {
    super({ timeout: 60_000 });
  }

  override request<TData>(opts: RequestClient.RequestOptions<TData>) {
    const uri = opts.uri
      .replace(/^https:\/\/(api|conversations|frontline-api)\.twilio\.com/, this.url)
      .replace('https://messaging.twilio.com', `${this.url}/messaging`);
    return super.request<TData>({ ...opts, uri });
  }
}

interface RestResponse {
  readonly status: number;
  /** The parsed JSON; null without a body. */
  readonly body: unknown;
}

/** A request as any HTTP client sends it. @param operation such as `POST /v1/Conversations` */
export async function call(
  { url }: TwilioEmulator,
  operation: string,
  form: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<RestResponse> {
  const [method = '', path = ''] = operation.split(' ');
  const query = method === 'GET' && Object.keys(form).length > 0 ? `?${new URLSearchParams(form)}` : '';
  const response = await fetch(`${url}${path}${query}`, {
    method,
    headers: { authorization: basic(ACCOUNT_SID, AUTH_TOKEN), ...headers },
    ...(method === 'POST' && { body: new URLSearchParams(form) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
