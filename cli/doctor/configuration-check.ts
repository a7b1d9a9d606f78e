import { ConfigurationError } from '../../lambdas/errors';
import type { HealthCheck } from './health-check';

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
