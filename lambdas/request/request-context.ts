import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Configuration } from '../config';
import type { Credentials } from '../credentials/credentials';
import type { Deadline } from '../http-client/deadline';
import type { RequestLog } from '../telemetry/request-log';
import type { Form } from '../twilio/signature';
import type { HttpResponse } from './http-response';

/** The request as it came, before anything of it is believed. */
interface RawRequest {
  /** The API's own scheme and host, such as API Gateway tells them. */
  readonly apiUrl: string;
  /** Path and query, to the letter. */
  readonly target: string;
  readonly rawBody: string;
  readonly signature: string;
  /** The header X-Twilio-Webhooks-Signature-Settings, which a request signed with a shared key has. */
  readonly settings: string | null;
}

/** What each link of the chain leaves for those behind it, on the Lambda context. */
export type WithJournal = Context & { journal: RequestLog };
export type WithDeadline = Context & { deadline: Deadline };
export type WithConfiguration = Context & { configuration: Configuration };
export type WithRawRequest = Context & { rawRequest: RawRequest };
export type WithForm = Context & { form: Form };
/** Set once the signature is proved; until then an answer tells the caller nothing of the service. */
export type WithVerdict = Context & { isFromTwilio?: boolean };
export type WithCredentials = Context & { credentials: Credentials };

/** What an answer has to work with: settings, credentials, its time and its journal. */
export interface Callback {
  readonly configuration: Configuration;
  readonly credentials: Credentials;
  readonly deadline: Deadline;
  readonly journal: RequestLog;
}

/**
 * A callback as Lambda calls it. Lambda gives a plain context and the chain's links put the rest on it; a method's
 * parameters, unlike a function's, may be narrower than declared, so this says so without a cast.
 */
export type CallbackHandler = {
  handle(event: APIGatewayProxyEventV2, context: Context): Promise<HttpResponse>;
}['handle'];
