import type { Environment } from '../../lambdas/config';
import { ConfigurationError, CredentialsRejectedError, isKnownError } from '../../lambdas/errors';
import type { Approval } from '../plan/apply';
import type { EnvFile } from '../settings/env-file';
import { settingProblems } from '../settings/settings';
import { Cancelled } from '../terminal/cancelled';
import type { Screen } from '../terminal/console-output';
import type { Questions } from '../terminal/prompts';
import type { Variable } from './config-variables';
import type { Stage } from './stage';

/** Where the values come from and go to. */
export interface Collecting {
  /** `.env` under the environment. */
  readonly environment: Environment;
  /** The names that the environment itself sets: these win over `.env`, whatever is written there. */
  readonly exported: ReadonlySet<string>;
  readonly envFile: EnvFile;
  /** What `.env` begins as where there is none. */
  readonly template: string;
  readonly screen: Screen;
  readonly consent: Approval;
}

/**
 * Sees to it that every setting is there and is right: asks for what is missing, tries it out, and keeps it in
 * `.env` at once, so that whoever stops here need not type it again.
 * @returns the environment with everything in it.
 * @throws {ConfigurationError} naming everything that is missing or wrong, where nobody can be asked.
 */
export async function collectValues(stages: readonly Stage[], collecting: Collecting): Promise<Environment> {
  const { screen, consent } = collecting;
  screen.heading('Values');
  const isFirstTime = stages.some(
    ({ variables }) => missing(variables, collecting.environment, false).length > 0,
  );
  let environment = collecting.environment;
  const problems = [...problemsElsewhere(stages, environment)];
  if (problems.length > 0 && consent.kind === 'asked') throw new ConfigurationError(problems);
  for (const stage of stages) {
    const settled = await settle(stage, environment, isFirstTime, collecting);
    if ('problems' in settled) problems.push(...settled.problems);
    else environment = settled.environment;
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  await close(collecting);
  return environment;
}

/** Sees to it that nobody else reads the credentials. */
async function close({ envFile, screen, consent }: Collecting): Promise<void> {
  if (!(await envFile.isOpenToOthers())) return;
  if (consent.kind === 'dry-run') {
    screen.plan(`Make ${envFile.path} yours alone to read (mode 600)`);
    return;
  }
  await envFile.closeToOthers();
  screen.right(`${envFile.path} is now yours alone to read (mode 600)`);
}

/** What is wrong with settings that nobody is asked for: those have to be put right where they were written. */
function problemsElsewhere(stages: readonly Stage[], environment: Environment): readonly string[] {
  const asked = stages.flatMap(({ variables }) => variables.map(({ name }) => name));
  return settingProblems(environment).filter(
    (problem) => !asked.some((name) => problem.startsWith(`${name} `)),
  );
}

type Settled = { readonly environment: Environment } | { readonly problems: readonly string[] };

/** Goes round until the stage's values are right, or there is nobody to ask. */
async function settle(
  stage: Stage,
  given: Environment,
  isFirstTime: boolean,
  collecting: Collecting,
): Promise<Settled> {
  const { screen, consent } = collecting;
  let environment = given;
  // Of what may stay blank, one that is exported blank is so on purpose.
  let toAsk: readonly Variable[] = missing(stage.variables, environment, isFirstTime).filter(
    ({ name, isOptional }) => !(isOptional && collecting.exported.has(name)),
  );
  for (;;) {
    if (consent.kind === 'asked' && toAsk.length > 0) {
      const answers = await askFor(toAsk, stage, environment, collecting, consent.questions);
      environment = { ...environment, ...answers };
    }
    const { problems, isOfValues } = await tryOut(stage, environment, screen);
    if (problems.length === 0) {
      await keep(stage, environment, collecting);
      return { environment };
    }
    if (consent.kind !== 'asked') return { problems };
    for (const problem of problems) {
      screen.wrong(
        problem,
        isOfValues ? 'Please give it again' : 'So it is not known whether the values are right',
      );
    }
    toAsk = isOfValues ? stage.variables : [];
    if (!isOfValues && !(await consent.questions.agree('Try once more?'))) throw new Cancelled();
  }
}

interface Trial {
  /** None where the values are right. */
  readonly problems: readonly string[];
  /** Whether other values would help; or else nobody was there to say. */
  readonly isOfValues: boolean;
}

/** Tries the stage's values out; where they are right, that has been said. */
async function tryOut(stage: Stage, environment: Environment, screen: Screen): Promise<Trial> {
  const names = stage.variables.map(({ name }) => name);
  const malformed = problemsWith(environment, names);
  if (malformed.length > 0) return { problems: malformed, isOfValues: true };
  try {
    const tried = await screen.working(`Trying ${names.join(', ')}`, () => stage.check(environment));
    if (tried !== null) screen.right(tried.right);
    for (const { what, remedy } of tried?.limits ?? []) screen.limited(what, remedy);
    return { problems: [], isOfValues: true };
  } catch (error) {
    if (!isKnownError(error)) throw error;
    if (error instanceof ConfigurationError) return { problems: error.problems, isOfValues: true };
    return {
      problems: [`${names.join(', ')}: ${error.message}`],
      isOfValues: error instanceof CredentialsRejectedError,
    };
  }
}

async function askFor(
  variables: readonly Variable[],
  stage: Stage,
  environment: Environment,
  { screen, exported }: Collecting,
  questions: Questions,
): Promise<Environment> {
  let answers: Environment = {};
  for (const variable of variables) {
    const { name, where, isSecret, isOptional } = variable;
    if (exported.has(name)) {
      throw new ConfigurationError([
        `${name} is set in the environment, which wins over .env: change or unset it there`,
      ]);
    }
    const choices = await stage.choices({ ...environment, ...answers }, variable);
    screen.line();
    screen.detail(screen.dim(where));
    const validate = (answer: string) =>
      answer === '' && isOptional
        ? null
        : (problemsWith({ ...environment, ...answers, [name]: answer }, [name])[0] ?? null);
    const label = isOptional ? `${name} (Enter for none)` : name;
    const answer =
      choices.length > 0
        ? await questions.choose(label, choices)
        : await (isSecret ? questions.secret(label, validate) : questions.answer(label, validate));
    answers = { ...answers, [name]: answer };
  }
  return answers;
}

async function keep(stage: Stage, environment: Environment, collecting: Collecting): Promise<void> {
  const changed = stage.variables.flatMap(({ name }): [string, string][] => {
    const value = environment[name] ?? '';
    return value === (collecting.environment[name] ?? '') ? [] : [[name, value]];
  });
  if (changed.length === 0 || collecting.consent.kind === 'dry-run') return;
  await collecting.envFile.set(Object.fromEntries(changed), collecting.template);
}

/** What is wrong with these variables alone, whatever the others are. */
function problemsWith(environment: Environment, names: readonly string[]): readonly string[] {
  return settingProblems(environment).filter((problem) =>
    names.some((name) => problem.startsWith(`${name} `)),
  );
}

/** What is to be asked for: what is needed and blank, and the first time what may stay blank too. */
function missing(
  variables: readonly Variable[],
  environment: Environment,
  withOptional: boolean,
): readonly Variable[] {
  return variables.filter(
    ({ name, isOptional }) => !environment[name]?.trim() && (withOptional || !isOptional),
  );
}
