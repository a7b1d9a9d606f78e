import { ConfigurationError } from '../../lambdas/errors';
import type { Settings } from '../settings/settings';
import type { Finding, HealthCheck } from './health-check';

/** Whether all settings are present and valid. */
export function configurationCheck(settings: () => Settings): HealthCheck {
  return {
    id: 'configuration',
    title: 'Configuration',
    dependsOn: [],
    run: async () => {
      try {
        const { configuration } = settings();
        return {
          status: 'pass',
          message: `base ${configuration.airtableBaseId}, SMS from ${configuration.smsNumber}`,
        };
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const { problems } = error;
        const several = problems.length > 1;
        return {
          status: 'fail',
          message: several ? `${problems.length} settings are missing or malformed` : error.message,
          fix: 'npm run setup prompts for missing settings; correct malformed ones in .env',
          ...(several && { findings: problems.map((what): Finding => ({ what, link: null })) }),
        };
      }
    },
  };
}
