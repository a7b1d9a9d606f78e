import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { BadRequestError } from '../errors';
import type { Form } from '../twilio/signature';
import { type HttpResponse, jsonResponse } from './http-response';
import type { Callback, WithDeadline, WithForm } from './request-context';

/** One endpoint that Twilio calls: parses its parameters from the form, and returns the value of the JSON body. */
export type Question = (form: Form, callback: Callback) => Promise<unknown>;

type AnsweringHandler = (
  event: APIGatewayProxyEventV2,
  context: WithDeadline & WithForm & Callback,
) => Promise<HttpResponse>;

/** An endpoint with typed parameters. @throws {BadRequestError} naming a parameter that is missing or malformed. */
export function question<TSchema extends v.GenericSchema>(
  parameters: TSchema,
  answer: (parameters: v.InferOutput<TSchema>, callback: Callback) => Promise<unknown>,
): Question {
  return async (form, callback) => answer(readParameters(parameters, form), callback);
}

/** Handles a callback that has one endpoint only. */
export function routeAlways(only: Question): AnsweringHandler {
  return async (_event, context) => jsonResponse(await context.deadline.race(only(context.form, context)));
}

/** Routes by `Location`, Frontline's name for the endpoint. */
export function routeByLocation(questions: Readonly<Record<string, Question>>): AnsweringHandler {
  return routeAlways(async (form, callback) => {
    const asked = lookUp(questions, form['Location']);
    if (asked === null) throw unknownQuestion('Location', form, questions);
    return asked(form, callback);
  });
}

/** Routes by `EventType`. An unused event is accepted, because a 4xx would block the announced change. */
export function routeByEventType(questions: Readonly<Record<string, Question>>): AnsweringHandler {
  return routeAlways(async (form, callback) => {
    if (!form['EventType']) throw unknownQuestion('EventType', form, questions);
    return lookUp(questions, form['EventType'])?.(form, callback) ?? {};
  });
}

function lookUp(questions: Readonly<Record<string, Question>>, name: unknown): Question | null {
  return (typeof name === 'string' && Object.hasOwn(questions, name) && questions[name]) || null;
}

function unknownQuestion(parameter: string, form: Form, questions: object): BadRequestError {
  const given = form[parameter] ? 'is unknown' : 'is missing';
  return new BadRequestError(
    'unknown-question',
    `${parameter} ${given}: it is one of ${Object.keys(questions).join(', ')}`,
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
    userMessage: `Please check: ${problems.map(({ name, fault }) => `${inWords(name)} ${fault}`).join('; ')}.`,
  });
}

/** A parameter's name in words for a worker: "display name" for DisplayName. */
function inWords(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
