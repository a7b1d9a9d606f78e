import { ConfigurationError } from '../../lambdas/errors';
import type { Settings } from '../settings/settings';
import type { Check, Finding } from './health-check';

/** Whether all settings are present and valid. */
export function configurationCheck(settings: () => Settings): Check {
  return {
    id: 'configuration',
    title: 'Configuration',
    needs: [],
    run: async () => {
      try {
        const { configuration } = settings();
        return {
          verdict: 'right',
          says: `base ${configuration.airtableBaseId}, texts from ${configuration.smsNumber}`,
        };
      } catch (error) {
        if (!(error instanceof ConfigurationError)) throw error;
        const { problems } = error;
        const several = problems.length > 1;
        return {
          verdict: 'wrong',
          says: several ? `${problems.length} settings are missing or malformed` : error.message,
          remedy: 'npm run setup asks for what is missing; what is malformed is to be corrected in .env',
          ...(several && { findings: problems.map((what): Finding => ({ what, link: null })) }),
        };
      }
    },
  };
}
