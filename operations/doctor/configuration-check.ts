import { Misconfigured } from '../../lambdas/errors/errors';
import type { Settings } from '../settings/settings';
import type { Check } from './check';

/** Whether the settings are all there, and of the right form. */
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
        if (!(error instanceof Misconfigured)) throw error;
        return {
          verdict: 'wrong',
          says: error.problems.join('; '),
          remedy: 'npm run setup asks for what is missing; what is malformed is to be corrected in .env',
        };
      }
    },
  };
}
