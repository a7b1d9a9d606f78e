import * as v from 'valibot';
import { UpstreamError } from '../../lambdas/errors';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/function-names';
import { functionId } from './deployed-stack';

const Resource = v.looseObject({
  Type: v.string(),
  Properties: v.optional(v.record(v.string(), v.unknown()), {}),
  Metadata: v.optional(v.looseObject({ 'aws:cdk:path': v.optional(v.string()) }), {}),
});
export type Resource = v.InferOutput<typeof Resource>;

const StackTemplate = v.looseObject({ Resources: v.record(v.string(), Resource) });
/** A template as CDK writes it. */
export type StackTemplate = v.InferOutput<typeof StackTemplate>;

const TemplateText = v.pipe(v.string(), v.parseJson(), StackTemplate);

/**
 * Reads a template's text.
 * @param whose the template's name in an error
 * @throws {UpstreamError} if it is not a template of this service
 */
export function parseTemplate(text: string, whose: string): StackTemplate {
  const parsed = v.safeParse(TemplateText, text);
  if (parsed.success) return parsed.output;
  throw new UpstreamError(`${whose} is not a template of this project`);
}

const FunctionProperties = v.looseObject({
  Environment: v.optional(
    v.looseObject({ Variables: v.optional(v.record(v.string(), v.unknown()), {}) }),
    {},
  ),
  LoggingConfig: v.optional(v.looseObject({ LogGroup: v.optional(v.looseObject({ Ref: v.string() })) }), {}),
});

/** A function in a template. */
export interface TemplateFunction {
  readonly name: FunctionName;
  /** Its environment variables whose values are known before deployment. */
  readonly variables: Readonly<Record<string, string>>;
  /** The logical id of its log group; null if it does not have one. */
  readonly logGroupId: string | null;
}

/** The functions of the service. */
export function functionsIn({ Resources }: StackTemplate): readonly TemplateFunction[] {
  return FUNCTION_NAMES.flatMap((name) => {
    const ownId = new RegExp(`^${functionId(name)}[0-9A-F]{8}$`);
    const [, resource] =
      Object.entries(Resources).find(
        ([id, { Type }]) => Type === 'AWS::Lambda::Function' && ownId.test(id),
      ) ?? [];
    const parsed = v.safeParse(FunctionProperties, resource?.Properties);
    if (!parsed.success) return [];
    const { Environment, LoggingConfig } = parsed.output;
    const variables = Object.entries(Environment.Variables).flatMap(
      ([variable, value]): [string, string][] => (typeof value === 'string' ? [[variable, value]] : []),
    );
    return [
      {
        name,
        variables: Object.fromEntries(variables),
        logGroupId: LoggingConfig.LogGroup?.Ref ?? null,
      },
    ];
  });
}
