import type { Configuration } from '../configuration/configuration';
import type { Credentials } from '../credentials/credentials';
import type { Errand } from '../http-client/send';
import { TwilioClient } from './twilio-client';

/** What a request of ours lends to those that it makes to Twilio. */
export type TwilioRequest = Errand & {
  readonly configuration: Configuration;
  readonly credentials: Credentials;
};

/** The one place where a client for Twilio's REST API is made. */
export function openTwilio({ credentials, deadline, journal }: TwilioRequest): TwilioClient {
  return new TwilioClient(credentials, { deadline, journal });
}
