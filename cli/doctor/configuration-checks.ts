import { isDeepStrictEqual } from 'node:util';
import { checkSettings, DeployedSettings, formatProblem } from '../../lambdas/config-schema';
import { ConfigurationError } from '../../lambdas/errors';
import type { DeployedStack } from '../aws/deployed-stack';
import type { Settings } from '../settings/settings';
import { type CheckResult, type Finding, type HealthCheck, passed } from './health-check';

/**
 * Whether the functions run with these settings. Meanings are compared: a number in another notation is the same
 * number.
 */
export function settingsOutcome(stack: DeployedStack, wanted: Settings): CheckResult {
  const functions = [...stack.functionVariables.values()];
  const different = new Set(functions.flatMap((held) => differences(held, wanted.functionVariables)));
  if (different.size === 0) return passed('same as .env');
  return {
    status: 'fail',
    message: 'the deployed settings differ from .env',
    fix: 'npx frontline setup deploys the settings of .env',
    findings: [...different].map((what): Finding => ({ what, link: null })),
  };
}

type Variables = Readonly<Record<string, string>>;

function differences(held: Variables, wanted: Variables): readonly string[] {
  const { settings: from, problems } = checkSettings(DeployedSettings, held);
  if (from === null) return problems.map(formatProblem);
  const to = new Map(Object.entries(checkSettings(DeployedSettings, wanted).settings ?? {}));
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
      return { status: 'pass', message: `base ${airtableBaseId}, SMS from ${smsNumber}` };
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const { problems } = error;
      const fix = 'npx frontline setup prompts for missing settings; correct malformed ones in .env';
      if (problems.length === 1) return { status: 'fail', message: error.message, fix };
      const message = `${problems.length} settings are missing or malformed`;
      return { status: 'fail', message, fix, findings: problems.map((what) => ({ what, link: null })) };
    }
  },
};
