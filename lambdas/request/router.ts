import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { BadRequestError } from '../errors';
import type { Form } from '../twilio/signature';
import { type HttpResponse, jsonResponse } from './http-response';
import type { RequestContext, WithDeadline, WithForm } from './request-context';

/** One endpoint that Twilio calls: parses its parameters from the form, and returns the value of the JSON body. */
export type Endpoint = (form: Form, context: RequestContext) => Promise<unknown>;

type RoutingHandler = (
  event: APIGatewayProxyEventV2,
  context: WithDeadline & WithForm & RequestContext,
) => Promise<HttpResponse>;

/** An endpoint with typed parameters. @throws {BadRequestError} naming a parameter that is missing or malformed. */
export function endpoint<TSchema extends v.GenericSchema>(
  parameters: TSchema,
  handle: (parameters: v.InferOutput<TSchema>, context: RequestContext) => Promise<unknown>,
): Endpoint {
  return async (form, context) => handle(readParameters(parameters, form), context);
}

/** Handles a callback that has one endpoint only. */
export function routeAlways(only: Endpoint): RoutingHandler {
  return async (_event, context) => jsonResponse(await context.deadline.race(only(context.form, context)));
}

/** Routes by `Location`, Frontline's name for the endpoint. */
export function routeByLocation(endpoints: Readonly<Record<string, Endpoint>>): RoutingHandler {
  return routeAlways(async (form, context) => {
    const found = findRoute(endpoints, form['Location']);
    if (found === null) throw unknownEndpoint('Location', form, endpoints);
    return found(form, context);
  });
}

/** Routes by `EventType`. An unused event is accepted, because a 4xx would block the announced change. */
export function routeByEventType(endpoints: Readonly<Record<string, Endpoint>>): RoutingHandler {
  return routeAlways(async (form, context) => {
    if (!form['EventType']) throw unknownEndpoint('EventType', form, endpoints);
    return findRoute(endpoints, form['EventType'])?.(form, context) ?? {};
  });
}

function findRoute(endpoints: Readonly<Record<string, Endpoint>>, name: unknown): Endpoint | null {
  return (typeof name === 'string' && Object.hasOwn(endpoints, name) && endpoints[name]) || null;
}

function unknownEndpoint(parameter: string, form: Form, endpoints: object): BadRequestError {
  const problem = form[parameter] ? 'Unknown' : 'Missing';
  return new BadRequestError(
    'unknown-endpoint',
    `${problem} ${parameter}; expected one of ${Object.keys(endpoints).join(', ')}`,
  );
}

function readParameters<TSchema extends v.GenericSchema>(
  schema: TSchema,
  form: Form,
): v.InferOutput<TSchema> {
  const parsed = v.safeParse(schema, form, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map((issue) => ({
    name: String(issue.path?.[0]?.key),
    fault: issue.message,
  }));
  throw new BadRequestError('parameter', problems.map(({ name, fault }) => `${name} ${fault}`).join('; '), {
    userMessage: `Please check: ${problems.map(({ name, fault }) => `${humanizeParameter(name)} ${fault}`).join('; ')}.`,
  });
}

/** A parameter's name in words for a worker: "display name" for DisplayName. */
function humanizeParameter(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
