import * as v from 'valibot';
import { parseSettings, type Routing } from '../../lambdas/config-schema';
import { ConfigurationError } from '../../lambdas/errors';
import { AllSettings } from '../../lib/settings-schema';
import { type Diff, joined, type Reconciler } from '../plan/plan';
import { isInboxOn } from '../settings/settings';
import { overridden, type SettingsPlace } from '../settings/settings-place';

const RoutingSetting = v.pick(AllSettings, ['ROUTING']);

/** What `setup --inbox` writes into `.env`. */
export interface InboxVariables {
  readonly INBOX: 'true';
  readonly ROUTING: Routing;
}

export interface InboxSettings extends SettingsPlace {
  /** The routing of an account whose `ROUTING` is blank. */
  readonly routing: () => Promise<Routing>;
}

/**
 * The settings of an inbox: `INBOX`, and `ROUTING` if it is blank. Throws a ConfigurationError for a variable of the
 * environment that overrides `.env`, and for a malformed `ROUTING`.
 */
export async function inboxVariables({
  environment,
  exported,
  routing,
}: InboxSettings): Promise<InboxVariables> {
  if (!isInboxOn(environment) && exported.has('INBOX')) {
    throw new ConfigurationError([`${overridden('INBOX')}: change or unset it there`]);
  }
  const isChosen = Boolean(environment['ROUTING']?.trim());
  return {
    INBOX: 'true',
    ROUTING: isChosen ? parseSettings(RoutingSetting, environment).ROUTING : await routing(),
  };
}

/** The settings' part of a setup: keeps the choice of an inbox in `.env`. */
export function inboxSettingsStep(
  { environment, envFile, template }: InboxSettings,
  variables: () => Promise<InboxVariables>,
): Reconciler {
  return {
    name: 'Inbox in .env',
    plan: async () => {
      const wanted = await variables();
      const diff: Diff[] = Object.entries(wanted).flatMap(([name, value]) => {
        const held = environment[name]?.trim() || null;
        return held?.toLowerCase() === value ? [] : [{ what: name, from: held, to: value }];
      });
      const described = ROUTES[wanted.ROUTING];
      if (diff.length === 0) return joined([{ upToDate: [`The inbox is on; ${described}`] }]);
      const values = Object.fromEntries(diff.map(({ what, to }) => [what, to ?? '']));
      const change = {
        summary: `Set up the inbox in .env; ${described}`,
        diff,
        apply: () => envFile.set(values, template),
      };
      return joined([{ changes: [change] }]);
    },
  };
}

/** The settings' part of removing the inbox: a later setup deploys none. */
export function inboxOffStep({ environment, exported, envFile, template }: SettingsPlace): Reconciler {
  return {
    name: 'Inbox in .env',
    plan: async () => {
      if (!isInboxOn(environment)) return joined([{ upToDate: ['.env has no inbox'] }]);
      if (exported.has('INBOX')) {
        return joined([{ manualSteps: [{ what: overridden('INBOX'), fix: 'Unset it there' }] }]);
      }
      const change = {
        summary: 'Turn the inbox off in .env',
        diff: [{ what: 'INBOX', from: 'true', to: null }],
        apply: () => envFile.set({ INBOX: '' }, template),
      };
      return joined([{ changes: [change] }]);
    },
  };
}

/** Who gives a new chat a worker, by the value of `ROUTING`. */
const ROUTES: Readonly<Record<Routing, string>> = {
  frontline: 'Frontline gives new chats a worker (ROUTING=frontline)',
  service: 'this service gives new chats a worker (ROUTING=service)',
};
