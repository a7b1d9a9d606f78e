import { parseArgs } from 'node:util';
import { UsageError } from '../terminal/usage-error';
import { type Callback, findCallback, KNOWN_WORDS } from './callbacks';
import { isOptionName, OPTION_NAMES, type OptionName } from './options';

export type OptionValues = Readonly<Partial<Record<OptionName, string>>>;

/** The parsed command line. */
export interface CommandLine {
  readonly word: string;
  readonly callback: Callback;
  readonly values: OptionValues;
  /** Name and value of each `--param`. */
  readonly extra: readonly (readonly [string, string])[];
  readonly url: string | null;
  readonly publicUrl: string | null;
  readonly token: string | null;
  readonly unsigned: boolean;
}

/**
 * Parses the arguments after `npm run callback --`.
 * @returns null for --help
 * @throws {UsageError} for an argument or option that is unknown or not valid for this callback
 */
export function parseCommandLine(words: readonly string[]): CommandLine | null {
  const { values, positionals } = parse(words);
  if (values['help'] === true) return null;
  const [word, ...others] = positionals;
  if (word === undefined) throw new UsageError('Which callback? Say it first, such as GetCustomersList');
  if (others.length > 0)
    throw new UsageError(
      `One callback at a time: what is "${others.join(' ')}"? Options come behind "--": npm run callback -- ${word} …`,
    );
  const callback = findCallback(word);
  if (callback === undefined) throw new UsageError(`There is no callback "${word}"${suggestion(word)}`);
  return {
    word,
    callback,
    values: parameterValues(word, callback, values),
    extra: texts(values['param']).map(nameAndValue),
    url: baseUrl('url', values['url']),
    publicUrl: baseUrl('public-url', values['public-url']),
    token: texts(values['token'])[0] ?? null,
    unsigned: values['unsigned'] === true,
  };
}

type Value = string | boolean | readonly string[] | undefined;

interface Parsed {
  readonly values: Readonly<Record<string, Value>>;
  readonly positionals: readonly string[];
}

function parse(words: readonly string[]): Parsed {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(OPTION_NAMES.map((name) => [name, { type: 'string' as const }])),
        param: { type: 'string', multiple: true },
        url: { type: 'string' },
        'public-url': { type: 'string' },
        token: { type: 'string' },
        unsigned: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? firstSentence(error) : String(error));
  }
}

/** The first sentence, because Node also explains how to pass the option as a positional, which is irrelevant. */
function firstSentence({ message }: Error): string {
  return message.replace(/\. To specify a positional.*/s, '');
}

function parameterValues(word: string, { parameters }: Callback, values: Parsed['values']): OptionValues {
  const given = Object.entries(values).flatMap(([name, value]): [OptionName, string][] =>
    isOptionName(name) && typeof value === 'string' ? [[name, value]] : [],
  );
  const strange = given.filter(([name]) => parameters[name] === undefined).map(([name]) => `--${name}`);
  if (strange.length > 0) {
    const known = Object.keys(parameters).map((name) => `--${name}`);
    throw new UsageError(
      `${word} has no ${strange.join(', ')}. It has ${known.join(', ')}, and --param Name=Value for anything else`,
    );
  }
  return Object.fromEntries(given);
}

function nameAndValue(text: string): readonly [string, string] {
  const mark = text.indexOf('=');
  if (mark < 1) throw new UsageError(`--param ${text}: write it as Name=Value`);
  return [text.slice(0, mark), text.slice(mark + 1)];
}

/** Also accepts one of the five callback URLs, because a deployment prints those. */
function baseUrl(option: string, value: Value): string | null {
  const [text] = texts(value);
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new UsageError(`--${option} ${text}: it must be an http(s) URL without ? or #`);
  }
  return text.replace(/(\/callbacks\/[\w-]+)?\/*$/, '');
}

function texts(value: Value): string[] {
  return [value].flat().filter((item) => typeof item === 'string');
}

function suggestion(word: string): string {
  const meant = KNOWN_WORDS.find((known) => known.toLowerCase() === word.toLowerCase());
  return meant
    ? `. Did you mean ${meant}?`
    : `. There are ${KNOWN_WORDS.join(', ')} and every other on… event`;
}
