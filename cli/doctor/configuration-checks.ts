import { isDeepStrictEqual } from 'node:util';
import {
  checkSettings,
  DeployedInboxSettings,
  DeployedSettings,
  formatProblem,
} from '../../lambdas/config-schema';
import { ConfigurationError } from '../../lambdas/errors';
import type { DeployedStack } from '../aws/deployed-stack';
import type { Settings } from '../settings/settings';
import { type CheckResult, failed, type HealthCheck, passed } from './health-check';

/** Whether the functions of the service run with these settings. */
export function settingsOutcome(stack: DeployedStack, { functionVariables }: Settings): CheckResult {
  return outcomeOf(stack, (held) => differences(DeployedSettings, held, functionVariables));
}

/** Whether the functions of the inbox run with these settings. */
export function inboxSettingsOutcome(
  stack: DeployedStack,
  { functionVariables, inbox }: Settings,
): CheckResult {
  const wanted = { ...functionVariables, ...inbox.functionVariables };
  return outcomeOf(stack, (held) => differences(DeployedInboxSettings, held, wanted));
}

function outcomeOf(stack: DeployedStack, compare: (held: Variables) => readonly string[]): CheckResult {
  const different = new Set([...stack.functionVariables.values()].flatMap(compare));
  if (different.size === 0) return passed('same as .env');
  const findings = [...different].map((what) => ({ what, link: null }));
  return failed(
    'the deployed settings differ from .env',
    'npx frontline setup deploys the settings of .env',
    findings,
  );
}

type Variables = Readonly<Record<string, string>>;

/** Compares meanings: a number in another notation is the same number. */
function differences(
  schema: typeof DeployedSettings | typeof DeployedInboxSettings,
  held: Variables,
  wanted: Variables,
): readonly string[] {
  const { settings: from, problems } = checkSettings(schema, held);
  if (from === null) return problems.map(formatProblem);
  const to = new Map(Object.entries(checkSettings(schema, wanted).settings ?? {}));
  return Object.entries(from).flatMap(([name, value]) =>
    isDeepStrictEqual(value, to.get(name))
      ? []
      : `${name}: deployed ${formatValue(value)}, in .env ${formatValue(to.get(name))}`,
  );
}

function formatValue(value: unknown): string {
  return [value].flat().join(', ') || '(not set)';
}

/** Whether all settings are present and valid. */
export const CONFIGURATION_CHECK: HealthCheck = {
  id: 'configuration',
  title: 'Configuration',
  dependsOn: [],
  run: async ({ settings }) => {
    try {
      const { airtableBaseId, smsNumber } = settings().configuration;
      return passed(`base ${airtableBaseId}, SMS from ${smsNumber}`);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const { problems } = error;
      const fix = 'npx frontline setup prompts for missing settings; correct malformed ones in .env';
      if (problems.length === 1) return failed(error.message, fix);
      const message = `${problems.length} settings are missing or malformed`;
      const findings = problems.map((what) => ({ what, link: null }));
      return failed(message, fix, findings);
    }
  },
};
