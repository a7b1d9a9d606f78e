import * as v from 'valibot';
import type { Environment } from '../../lambdas/config';
import { parseSettings, type Routing } from '../../lambdas/config-schema';
import { ConfigurationError } from '../../lambdas/errors';
import { AllSettings } from '../../lib/settings-schema';
import { type Diff, joined, type Reconciler } from '../plan/plan';
import type { EnvFile } from '../settings/env-file';

const Chosen = v.pick(AllSettings, ['ROUTING']);

/** What `setup --inbox` writes into `.env`. */
export interface InboxVariables {
  readonly INBOX: 'true';
  readonly ROUTING: Routing;
}

/** Where the settings are. */
export interface SettingsPlace {
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  /** The names that the environment itself sets: these override `.env`. */
  readonly exported: ReadonlySet<string>;
  readonly envFile: Pick<EnvFile, 'set'>;
  /** The initial text of a new `.env`. */
  readonly template: string;
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
    throw new ConfigurationError([
      'INBOX is set in the environment, which overrides .env: change or unset it there',
    ]);
  }
  const isChosen = Boolean(environment['ROUTING']?.trim());
  return { INBOX: 'true', ROUTING: isChosen ? parseSettings(Chosen, environment).ROUTING : await routing() };
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

/** The settings' part of taking the inbox back: a later setup deploys none. */
export function inboxOffStep({ environment, exported, envFile, template }: SettingsPlace): Reconciler {
  return {
    name: 'Inbox in .env',
    plan: async () => {
      if (!isInboxOn(environment)) return joined([{ upToDate: ['.env has no inbox'] }]);
      if (exported.has('INBOX')) {
        const what = 'INBOX is set in the environment, which overrides .env';
        return joined([{ manualSteps: [{ what, fix: 'Unset it there' }] }]);
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

function isInboxOn(environment: Environment): boolean {
  return environment['INBOX']?.trim().toLowerCase() === 'true';
}

/** Who gives a new chat a worker, by the value of `ROUTING`. */
const ROUTES: Readonly<Record<Routing, string>> = {
  frontline: 'Frontline gives new chats a worker (ROUTING=frontline)',
  service: 'this service gives new chats a worker (ROUTING=service)',
};
