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
          message: `base ${configuration.airtableBaseId}, texts from ${configuration.smsNumber}`,
        };
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const { problems } = error;
        const several = problems.length > 1;
        return {
          status: 'fail',
          message: several ? `${problems.length} settings are missing or malformed` : error.message,
          fix: 'npm run setup asks for what is missing; what is malformed is to be corrected in .env',
          ...(several && { findings: problems.map((what): Finding => ({ what, link: null })) }),
        };
      }
    },
  };
}
