import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as v from 'valibot';
import { BadRequestError } from '../errors';
import type { Form } from '../twilio/signature';
import { type HttpResponse, jsonResponse } from './http-response';
import type { Callback, WithDeadline, WithForm } from './request-context';

/** One thing that Twilio asks: reads its parameters out of the form, and answers with what becomes the JSON body. */
export type Question = (form: Form, callback: Callback) => Promise<unknown>;

type AnsweringHandler = (
  event: APIGatewayProxyEventV2,
  context: WithDeadline & WithForm & Callback,
) => Promise<HttpResponse>;

/** A question with typed parameters. @throws {BadRequestError} naming a parameter that is missing or malformed. */
export function question<TSchema extends v.GenericSchema>(
  parameters: TSchema,
  answer: (parameters: v.InferOutput<TSchema>, callback: Callback) => Promise<unknown>,
): Question {
  return async (form, callback) => answer(readParameters(parameters, form), callback);
}

/** Answers the one question that a callback has. */
export function routeAlways(only: Question): AnsweringHandler {
  return async (_event, context) => jsonResponse(await context.deadline.race(only(context.form, context)));
}

/** Answers by `Location`, Frontline's name for what it asks. */
export function routeByLocation(questions: Readonly<Record<string, Question>>): AnsweringHandler {
  return routeAlways(async (form, callback) => {
    const asked = lookUp(questions, form.Location);
    if (asked === null) throw unknownQuestion('Location', form, questions);
    return asked(form, callback);
  });
}

/** Answers by `EventType`. An event that we do not use is accepted: a 4xx would block what it announces. */
export function routeByEventType(questions: Readonly<Record<string, Question>>): AnsweringHandler {
  return routeAlways(async (form, callback) => {
    if (!form.EventType) throw unknownQuestion('EventType', form, questions);
    return lookUp(questions, form.EventType)?.(form, callback) ?? {};
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

/** A parameter's name as a worker would say it: "display name" for DisplayName. */
function inWords(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
