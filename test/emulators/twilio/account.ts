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
    super({ timeout: 5_000 });
  }

  override request<TData>(opts: RequestClient.RequestOptions<TData>) {
    const uri = opts.uri.replace(/^https:\/\/(api|conversations|frontline-api)\.twilio\.com/, this.url);
    return super.request<TData>({ ...opts, uri });
  }
}
