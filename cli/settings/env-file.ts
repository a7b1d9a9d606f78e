import { chmod, readFile, stat } from 'node:fs/promises';
import { parse } from 'dotenv';
import { ConfigurationError, errorCode } from '../../lambdas/errors';
import { writeAtomically } from '../../lib/write-atomically';

/** Readable and writable by its owner alone, because it holds the credentials of two accounts. */
const OWNER_ONLY = 0o600;

/** A settings file that people edit: every change keeps their comments and their order. */
export class EnvFile {
  constructor(readonly path: string) {}

  /** Whether other users of this machine may read it. False if it does not exist. */
  async isOpenToOthers(): Promise<boolean> {
    try {
      return ((await stat(this.path)).mode & 0o077) !== 0;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw this.#unusable('read', error);
    }
  }

  /** @throws {ConfigurationError} if another user owns the file. */
  async closeToOthers(): Promise<void> {
    try {
      await chmod(this.path, OWNER_ONLY);
    } catch (error) {
      throw this.#unusable('restricted to its owner', error);
    }
  }

  /**
   * Sets these variables and leaves every other character as it is. The old file stays whole until it is replaced.
   * @param template the initial text of a new file.
   * @throws {ConfigurationError} for a value that the file cannot hold, or a file that cannot be read or written.
   */
  async set(values: Readonly<Record<string, string>>, template: string): Promise<void> {
    const before = (await this.#read()) ?? template;
    const after = Object.entries(values).reduce(
      (text, [name, value]) => withVariable(text, name, value),
      before,
    );
    await this.#write(after);
  }

  async #read(): Promise<string | null> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw this.#unusable('read', error);
    }
  }

  async #write(text: string): Promise<void> {
    try {
      await writeAtomically(this.path, text, OWNER_ONLY);
    } catch (error) {
      throw this.#unusable('written', error);
    }
  }

  #unusable(verb: string, cause: unknown): ConfigurationError {
    return new ConfigurationError(
      [`${this.path} cannot be ${verb} (${String(errorCode(cause))}): make sure that you own the file`],
      { cause },
    );
  }
}

/** Matches any variable, so that a name inside another variable's text of several lines is read as that text. */
const ASSIGNMENT =
  /^([ \t]*(?:export[ \t]+)?)([\w.-]+)[ \t]*=[ \t]*(?:'[^']*'|"(?:[^"\\]|\\.)*"|`[^`]*`|[^#\r\n]*?)([ \t]*(?:#[^\r\n]*)?)$/gm;

/** The text with the variable's last line replaced, because the last one counts; or with a new line at its end. */
function withVariable(text: string, name: string, value: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const assignment = `${name}=${quoted(name, value)}`;
  const last = [...text.matchAll(ASSIGNMENT)].filter(([, , assigned]) => assigned === name).at(-1);
  if (last !== undefined) {
    const [whole, before = '', , comment = ''] = last;
    return text.slice(0, last.index) + before + assignment + comment + text.slice(last.index + whole.length);
  }
  const separator = text === '' || text.endsWith('\n') ? '' : newline;
  return `${text}${separator}${assignment}${newline}`;
}

/** The value, quoted so that dotenv reads it unchanged. @throws {ConfigurationError} if no quoting can do that. */
function quoted(name: string, value: string): string {
  const forms = [value, `'${value}'`, `"${value}"`, `\`${value}\``];
  const form = forms.find((each) => parse(`${name}=${each}`)[name] === value && !/[\r\n]/.test(each));
  if (form !== undefined) return form;
  throw new ConfigurationError([
    `${name} cannot be saved in .env: it contains a line break, or every kind of quotation mark`,
  ]);
}
