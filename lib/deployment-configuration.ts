import * as v from 'valibot';
import {
  type Configuration,
  type Environment,
  FUNCTION_VARIABLES,
  readConfiguration,
} from '../lambdas/config';
import { ConfigurationError } from '../lambdas/errors';

/** The configuration of the stack. It contains no secrets. */
export interface DeploymentConfiguration {
  /** The variables that every function gets; those that are not configured are left out. */
  readonly functionVariables: Readonly<Record<string, string>>;
  /** The base that the service works on. */
  readonly baseId: string;
  /** Minutes between two runs of sync. */
  readonly syncMinutes: number;
  /** The opt-out table that an earlier stack left, or null to create one. */
  readonly optOutTableName: string | null;
  /** Scheme, host and mapping path of the URL that Twilio calls, or null for the API's own address. */
  readonly publicBaseUrl: string | null;
  /** The e-mail address that alarms notify, or null for none. */
  readonly alarmEmail: string | null;
}

/** Settings that only the stack needs. */
const StackSettings = v.object({
  OPT_OUT_TABLE_NAME: v.pipe(
    v.optional(v.string(), ''),
    v.trim(),
    v.transform((text) => text || null),
    v.nullable(
      v.pipe(
        v.string(),
        v.regex(
          /^[A-Za-z0-9_.-]{3,255}$/,
          'is malformed: it must be the name of a DynamoDB table, not its ARN',
        ),
      ),
    ),
  ),
  ALARM_EMAIL: v.pipe(
    v.optional(v.string(), ''),
    v.trim(),
    v.transform((text) => text || null),
    v.nullable(
      v.pipe(v.string(), v.email('is malformed: it must be one e-mail address, such as team@example.com')),
    ),
  ),
});

/**
 * Reads the configuration of a deployment, with the same checks that the functions apply when they start. Of `.env`
 * only the names in `FUNCTION_VARIABLES` are passed on; credentials in it stay behind.
 * @throws {ConfigurationError} naming every variable that is missing or malformed.
 */
export function readDeploymentConfiguration(environment: Environment): DeploymentConfiguration {
  const problems: string[] = [];
  const service = readService(environment, problems);
  const stack = v.safeParse(StackSettings, environment, { abortPipeEarly: true });
  if (!stack.success)
    problems.push(...stack.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`));
  if (service === null || !stack.success) throw new ConfigurationError(problems);
  const configured = FUNCTION_VARIABLES.flatMap((name) => {
    const value = environment[name]?.trim();
    return value ? [[name, value] as const] : [];
  });
  return {
    functionVariables: Object.fromEntries(configured),
    baseId: service.airtableBaseId,
    syncMinutes: service.syncMinutes,
    optOutTableName: stack.output.OPT_OUT_TABLE_NAME,
    publicBaseUrl: service.publicBaseUrl,
    alarmEmail: stack.output.ALARM_EMAIL,
  };
}

/** The configuration of the functions; null if it is invalid, in which case the reasons are added to `problems`. */
function readService(environment: Environment, problems: string[]): Configuration | null {
  try {
    return readConfiguration(environment);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
    return null;
  }
}
