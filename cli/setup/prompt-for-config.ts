import type { Environment } from '../../lambdas/config';
import { formatProblem } from '../../lambdas/config-schema';
import { ConfigurationError, CredentialsRejectedError, isKnownError } from '../../lambdas/errors';
import type { Approval } from '../plan/apply';
import type { EnvFile } from '../settings/env-file';
import { settingProblems } from '../settings/settings';
import { CancelledError } from '../terminal/cancelled';
import type { ConsoleOutput } from '../terminal/console-output';
import type { Prompts } from '../terminal/prompts';
import type { Variable } from './config-variables';
import type { Stage } from './stage';

/** Where the values are read from and written to. */
export interface Collecting {
  /** `.env`, overridden by the environment. */
  readonly environment: Environment;
  /** The names that the environment itself sets: these override `.env`. */
  readonly exported: ReadonlySet<string>;
  readonly envFile: EnvFile;
  /** The initial text of a new `.env`. */
  readonly template: string;
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
}

/**
 * Makes every setting present and valid: prompts for missing values, verifies them, and saves them in `.env` at once,
 * so that nothing needs to be typed again after an interruption.
 * @returns the environment with everything in it.
 * @throws {ConfigurationError} naming everything that is missing or invalid, if there is no interactive terminal.
 */
export async function collectValues(stages: readonly Stage[], collecting: Collecting): Promise<Environment> {
  const { screen, approval } = collecting;
  screen.heading('Configuration');
  const isFirstTime = stages.some(
    ({ variables }) => missing(variables, collecting.environment, false).length > 0,
  );
  let environment = collecting.environment;
  const problems = [...problemsElsewhere(stages, environment)];
  if (problems.length > 0 && approval.kind === 'asked') throw new ConfigurationError(problems);
  for (const stage of stages) {
    const settled = await settle(stage, environment, isFirstTime, collecting);
    if ('problems' in settled) problems.push(...settled.problems);
    else environment = settled.environment;
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  await close(collecting);
  return environment;
}

/** Restricts the file to its owner (0600). */
async function close({ envFile, screen, approval }: Collecting): Promise<void> {
  if (!(await envFile.isOpenToOthers())) return;
  if (approval.kind === 'dry-run') {
    screen.plan(`Restrict ${envFile.path} to its owner (mode 600)`);
    return;
  }
  await envFile.closeToOthers();
  screen.pass(`Restrict ${envFile.path} to its owner (mode 600)`);
}

/** Problems of settings without a prompt: they must be fixed where they were written. */
function problemsElsewhere(stages: readonly Stage[], environment: Environment): readonly string[] {
  const asked = stages.flatMap(({ variables }) => variables.map(({ name }) => name));
  return settingProblems(environment).flatMap((problem) =>
    asked.includes(problem.variable) ? [] : formatProblem(problem),
  );
}

type Settled = { readonly environment: Environment } | { readonly problems: readonly string[] };

/** Repeats until the stage's values are valid, or there is no interactive terminal. */
async function settle(
  stage: Stage,
  given: Environment,
  isFirstTime: boolean,
  collecting: Collecting,
): Promise<Settled> {
  const { screen, approval } = collecting;
  let environment = given;
  // An optional setting that is exported blank is blank on purpose.
  let toAsk: readonly Variable[] = missing(stage.variables, environment, isFirstTime).filter(
    ({ name, isOptional }) => !(isOptional && collecting.exported.has(name)),
  );
  for (;;) {
    if (approval.kind === 'asked' && toAsk.length > 0) {
      const answers = await askFor(toAsk, stage, environment, collecting, approval.prompts);
      environment = { ...environment, ...answers };
    }
    const { problems, isOfValues } = await tryOut(stage, environment, screen);
    if (problems.length === 0) {
      await keep(stage, environment, collecting);
      return { environment };
    }
    if (approval.kind !== 'asked') return { problems };
    for (const problem of problems) {
      screen.fail(problem, isOfValues ? 'Please enter it again' : 'The values could not be verified');
    }
    toAsk = isOfValues ? stage.variables : [];
    if (!isOfValues && !(await approval.prompts.confirm('Retry?'))) throw new CancelledError();
  }
}

interface Trial {
  /** Empty if the values are valid. */
  readonly problems: readonly string[];
  /** Whether other values would help; false if the service that verifies them did not respond. */
  readonly isOfValues: boolean;
}

/** Verifies the stage's values, and prints the result if they are valid. */
async function tryOut(stage: Stage, environment: Environment, screen: ConsoleOutput): Promise<Trial> {
  const names = stage.variables.map(({ name }) => name);
  const malformed = problemsWith(environment, names);
  if (malformed.length > 0) return { problems: malformed, isOfValues: true };
  try {
    const tried = await screen.working(`Verifying ${names.join(', ')}`, () => stage.check(environment));
    if (tried !== null) screen.pass(tried.upToDate);
    for (const { what, fix } of tried?.limits ?? []) screen.limited(what, fix);
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
  prompts: Prompts,
): Promise<Environment> {
  let answers: Environment = {};
  for (const variable of variables) {
    const { name, where, isSecret, isOptional } = variable;
    if (exported.has(name)) {
      throw new ConfigurationError([
        `${name} is set in the environment, which overrides .env: change or unset it there`,
      ]);
    }
    const choices = await stage.choices({ ...environment, ...answers }, variable);
    screen.line();
    screen.detail(screen.dim(where));
    const validate = (answer: string) =>
      answer === '' && isOptional
        ? null
        : (problemsWith({ ...environment, ...answers, [name]: answer }, [name])[0] ?? null);
    const label = isOptional ? `${name} (optional, Enter to skip)` : name;
    const answer =
      choices.length > 0
        ? await prompts.select(label, choices)
        : await (isSecret ? prompts.secret(label, validate) : prompts.text(label, validate));
    answers = { ...answers, [name]: answer };
  }
  return answers;
}

async function keep(stage: Stage, environment: Environment, collecting: Collecting): Promise<void> {
  const changed = stage.variables.flatMap(({ name }): [string, string][] => {
    const value = environment[name] ?? '';
    return value === (collecting.environment[name] ?? '') ? [] : [[name, value]];
  });
  if (changed.length === 0 || collecting.approval.kind === 'dry-run') return;
  await collecting.envFile.set(Object.fromEntries(changed), collecting.template);
}

/** Problems of these variables alone, without the others. */
function problemsWith(environment: Environment, names: readonly string[]): readonly string[] {
  return settingProblems(environment).flatMap((problem) =>
    names.includes(problem.variable) ? formatProblem(problem) : [],
  );
}

/** The variables to prompt for: required ones that are blank, and the first time optional ones too. */
function missing(
  variables: readonly Variable[],
  environment: Environment,
  withOptional: boolean,
): readonly Variable[] {
  return variables.filter(
    ({ name, isOptional }) => !environment[name]?.trim() && (withOptional || !isOptional),
  );
}
