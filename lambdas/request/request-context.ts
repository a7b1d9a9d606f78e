import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Configuration } from '../config';
import type { Credentials } from '../credentials/credentials';
import type { Deadline } from '../http-client/deadline';
import type { RequestLog } from '../telemetry/request-log';
import type { Form } from '../twilio/signature';
import type { HttpResponse } from './http-response';

/** The request as received, not yet verified. */
interface RawRequest {
  /** The API's own scheme and host, from API Gateway. */
  readonly apiUrl: string;
  /** Path and query, verbatim. */
  readonly target: string;
  readonly rawBody: string;
  readonly signature: string;
  /** The header X-Twilio-Webhooks-Signature-Settings, present in a request signed with a shared key. */
  readonly settings: string | null;
}

/** What each middleware adds to the Lambda context for those after it. */
export type WithRequestLog = Context & { requestLog: RequestLog };
export type WithDeadline = Context & { deadline: Deadline };
export type WithConfiguration = Context & { configuration: Configuration };
export type WithRawRequest = Context & { rawRequest: RawRequest };
export type WithForm = Context & { form: Form };
/** Set once the signature is verified; until then a response reveals nothing about the service. */
export type WithVerification = Context & { isFromTwilio?: boolean };
export type WithCredentials = Context & { credentials: Credentials };

/** What a handler receives: configuration, credentials, deadline and request log. */
export interface RequestContext {
  readonly configuration: Configuration;
  readonly credentials: Credentials;
  readonly deadline: Deadline;
  readonly requestLog: RequestLog;
}

/**
 * A callback as Lambda calls it. Lambda passes a plain context, and the middleware adds the rest. A method's
 * parameters, unlike a function's, may be narrower than declared, so this type needs no cast.
 */
export type CallbackHandler = {
  handle(event: APIGatewayProxyEventV2, context: Context): Promise<HttpResponse>;
}['handle'];
