import type { Environment } from '../../lambdas/config';
import { baseIdIn, type ConfigProblem, formatProblem } from '../../lambdas/config-schema';
import { ConfigurationError, isKnownError } from '../../lambdas/errors';
import { CancelledError } from '../../lib/user-error';
import type { Approval } from '../plan/apply';
import type { Limit } from '../plan/plan';
import { settingProblems } from '../settings/settings';
import { overridden, type SettingsPlace } from '../settings/settings-place';
import type { ConsoleOutput } from '../terminal/console-output';
import type { Prompts } from '../terminal/prompts';
import type { Stage, ValueProblem, Variable, Verification } from './config-variables';

/** Where the values are read from and written to. */
interface CollectContext extends SettingsPlace {
  readonly screen: ConsoleOutput;
  readonly approval: Approval;
}

type PromptContext = CollectContext & { readonly prompts: Prompts };

export interface CollectedValues {
  /** The environment with everything in it. */
  readonly environment: Environment;
  /** Doubts about values that are kept nevertheless. */
  readonly warnings: readonly Limit[];
}

/**
 * Makes every setting present and valid: prompts for missing values, verifies them, and saves them in `.env` at once,
 * so that nothing needs to be typed again after an interruption.
 * @throws {ConfigurationError} naming everything that is missing or invalid, if there is no interactive terminal.
 */
export async function collectValues(
  stages: readonly Stage[],
  context: CollectContext,
): Promise<CollectedValues> {
  context.screen.heading('Configuration');
  refuseUnfixable(stages, context);
  let { environment } = context;
  const isFirstTime = stages.some(({ variables }) => missing(variables, environment, false).length > 0);
  const problems: Limit[] = [];
  const warnings: Limit[] = [];
  for (const stage of stages) {
    const settled = await settle(stage, environment, isFirstTime, context);
    environment = settled.environment;
    problems.push(...settled.problems);
    warnings.push(...settled.warnings);
  }
  if (problems.length > 0) throw new ConfigurationError(problems.map(({ what, fix }) => `${what}. ${fix}`));
  await restrict(context);
  return { environment, warnings };
}

const ASKED = 'Without --dry-run, setup asks for what is missing, and says where each is found';

/** @throws {ConfigurationError} naming every invalid setting for which there is no prompt. */
function refuseUnfixable(stages: readonly Stage[], { environment, approval }: CollectContext): void {
  const asked = stages.flatMap(({ variables }) => variables.map(({ name }) => name));
  const problems = settingProblems(environment).filter(
    ({ variable }) => approval.kind !== 'asked' || !asked.includes(variable),
  );
  if (problems.length === 0) return;
  const hint = approval.kind === 'dry-run' ? [ASKED] : [];
  throw new ConfigurationError([...problems.map(formatProblem), ...hint]);
}

/** Restricts the file to its owner (0600). */
async function restrict({ envFile, screen, approval }: CollectContext): Promise<void> {
  if (!(await envFile.isOpenToOthers())) return;
  const title = `Restrict ${envFile.path} to its owner (mode 600)`;
  if (approval.kind === 'dry-run') return screen.plan(title);
  await envFile.closeToOthers();
  screen.pass(title);
}

interface StageOutcome extends CollectedValues {
  readonly problems: readonly Limit[];
}

async function settle(
  stage: Stage,
  environment: Environment,
  isFirstTime: boolean,
  context: CollectContext,
): Promise<StageOutcome> {
  const { screen, approval } = context;
  if (approval.kind === 'asked') {
    // An optional setting that is exported blank is blank on purpose.
    const toAsk = missing(stage.variables, environment, isFirstTime).filter(
      ({ name, isOptional }) => !(isOptional && context.exported.has(name)),
    );
    return promptUntilValid(toAsk, stage, environment, { ...context, prompts: approval.prompts });
  }
  const verification = await verify(stage, environment, screen);
  const { problems = [] } = verification;
  return { environment, problems, warnings: problems.length > 0 ? [] : show(verification, stage, screen) };
}

/** Prompts for variables, and again for those that are rejected, until the stage's values are valid; then saves them. */
async function promptUntilValid(
  variables: readonly Variable[],
  stage: Stage,
  given: Environment,
  context: PromptContext,
): Promise<StageOutcome> {
  const { screen, prompts } = context;
  let environment = given;
  let toAsk = variables;
  let others: readonly Variable[] = [];
  for (;;) {
    environment = await promptFor(toAsk, others, stage, environment, context);
    const verification = await verify(stage, environment, screen);
    const { problems = [] } = verification;
    for (const { what, fix } of problems) screen.fail(what, fix);
    if (problems.length === 0) {
      const warnings = show(verification, stage, screen);
      if (toAsk.length === 0 || warnings.length === 0 || (await prompts.confirm('Keep it?'))) {
        await save(stage, environment, context);
        return { environment, problems, warnings };
      }
      toAsk = stage.variables;
    } else {
      toAsk = stage.variables.filter(({ name }) => problems.some(({ variable }) => variable === name));
      others = stage.variables.filter((variable) => !toAsk.includes(variable));
      if (toAsk.length === 0 && !(await prompts.confirm('Retry?'))) throw new CancelledError();
    }
  }
}

/** Prints a verification without problems. @returns the doubts about an optional value. */
function show(
  { confirmed, warnings = [] }: Verification,
  stage: Stage,
  screen: ConsoleOutput,
): readonly Limit[] {
  if (confirmed !== null) screen.pass(confirmed);
  for (const { what, fix } of warnings) screen.limited(what, fix);
  return stage.variables.every(({ isOptional }) => isOptional) ? warnings : [];
}

/** Verifies the stage's values. A service that does not respond is a problem, but not for an optional value. */
async function verify(stage: Stage, environment: Environment, screen: ConsoleOutput): Promise<Verification> {
  const names = stage.variables.map(({ name }) => name);
  const malformed = problemsWith(environment, names);
  if (malformed.length > 0) return { confirmed: null, problems: malformed.map(asValueProblem) };
  try {
    return await screen.working(`Verifying ${names.join(', ')}`, () => stage.verify(environment));
  } catch (error) {
    if (!isKnownError(error)) throw error;
    const what = `${names.join(', ')} could not be verified: ${error.message}`;
    return stage.variables.every(({ isOptional }) => isOptional)
      ? { confirmed: null, warnings: [{ what, fix: 'npx frontline doctor verifies it again' }] }
      : { confirmed: null, problems: [{ variable: null, what, fix: 'Run npx frontline setup again' }] };
  }
}

function asValueProblem(problem: ConfigProblem): ValueProblem {
  return { variable: problem.variable, what: formatProblem(problem), fix: 'Enter it again' };
}

/** Problems of these variables alone, regardless of the others. */
function problemsWith(environment: Environment, names: readonly string[]): readonly ConfigProblem[] {
  return settingProblems(environment).filter(({ variable }) => names.includes(variable));
}

/**
 * Prompts for variables of a stage.
 * @param others of the stage, which Enter alone prompts for too, because one may be the reason why a value was rejected.
 * @returns the environment with the answers.
 */
async function promptFor(
  variables: readonly Variable[],
  others: readonly Variable[],
  stage: Stage,
  given: Environment,
  context: PromptContext,
): Promise<Environment> {
  const { screen, exported, prompts } = context;
  let environment = given;
  for (const variable of variables) {
    const { name, where, isSecret, isOptional } = variable;
    if (exported.has(name)) {
      throw new ConfigurationError([`${overridden(name)}: change or unset it there`]);
    }
    const choices = await stage.choices(environment, variable);
    screen.line();
    screen.detail(screen.dim(where));
    const blank = blankMeaning(isOptional, others);
    const validate = (answer: string) => {
      if (answer === '' && blank !== '') return null;
      const [problem] = problemsWith({ ...environment, [name]: answer }, [name]);
      return problem === undefined ? null : formatProblem(problem);
    };
    const label = `${name}${blank}`;
    const answer =
      choices.length > 0
        ? await prompts.select(label, choices)
        : await (isSecret ? prompts.secret(label, validate) : prompts.text(label, validate));
    if (answer === '' && !isOptional) return promptFor(stage.variables, [], stage, given, context);
    environment = { ...environment, [name]: baseIdIn(answer) };
  }
  return environment;
}

/** What Enter alone means, for the label; empty if a value is needed. */
function blankMeaning(isOptional: boolean, others: readonly Variable[]): string {
  if (isOptional) return ' (optional, Enter to skip)';
  return others.length === 0 ? '' : ` (Enter to change ${others.map(({ name }) => name).join(', ')} too)`;
}

async function save(stage: Stage, environment: Environment, context: CollectContext): Promise<void> {
  const changed = stage.variables.flatMap(({ name }): [string, string][] => {
    const value = environment[name] ?? '';
    return value === (context.environment[name] ?? '') ? [] : [[name, value]];
  });
  if (changed.length === 0 || context.approval.kind === 'dry-run') return;
  await context.envFile.set(Object.fromEntries(changed), context.template);
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
