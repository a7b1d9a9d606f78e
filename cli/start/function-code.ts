import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildContext, type BuildResult, context } from 'esbuild';
import * as v from 'valibot';
import type { InvokableFunction } from '../../emulators/lambda/invocation';
import { errorMessage } from '../../lambdas/errors';
import { isAlive } from '../terminal/process-lock';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

type Handler = InvokableFunction<unknown>['handler'];

const Module = v.object({ handler: v.custom<Handler>((value) => typeof value === 'function') });

/**
 * The handlers of the functions in `lambdas/`, each bundled on its own, as deployed. After a change of the source, the
 * functions that contain it are bundled and loaded again; a request that is under way ends with the old code.
 */
export class FunctionCode {
  readonly #loaded = new Map<string, { readonly hash: string; readonly handler: Handler }>();
  #version = 0;
  #isWatching = false;
  #hasFailed = false;

  private constructor(
    private readonly build: BuildContext,
    private readonly folder: string,
  ) {}

  /**
   * Bundles and loads the functions.
   * @param names their files in `lambdas/`, without extension
   * @param notify called with a message after each reload, and with the reason of a failed one
   */
  static async load(
    names: readonly string[],
    notify: (message: string) => void,
    project = PROJECT,
  ): Promise<FunctionCode> {
    // Inside the project, so that the bundles find its packages.
    const cache = join(project, 'node_modules', '.cache', 'frontline');
    const folder = join(cache, String(process.pid));
    await removeLeftovers(cache);
    await mkdir(folder, { recursive: true });
    let onEnd = async (_result: BuildResult) => {};
    const build = await context({
      absWorkingDir: project,
      entryPoints: names.map((name) => `lambdas/${name}.ts`),
      outdir: folder,
      write: false,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      // Absolute, because `node_modules` may be a symbolic link.
      sourceRoot: `${pathToFileURL(folder).href}/`,
      logLevel: 'silent',
      plugins: [{ name: 'load', setup: (setup) => setup.onEnd((result) => onEnd(result)) }],
    });
    process.setSourceMapsEnabled(true);
    const code = new FunctionCode(build, folder);
    await code.#loadChanged(await build.rebuild());
    onEnd = async (result) => {
      if (code.#isWatching) await code.#reload(result, notify);
    };
    return code;
  }

  /** The current handler of a function. @throws {Error} for an unknown name */
  handler(name: string): Handler {
    const loaded = this.#loaded.get(name);
    if (loaded === undefined) throw new Error(`Unknown function ${name}`);
    return loaded.handler;
  }

  /** Reloads the functions when their source changes. */
  async watch(): Promise<void> {
    this.#isWatching = true;
    await this.build.watch();
  }

  async close(): Promise<void> {
    this.#isWatching = false;
    await this.build.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #reload(result: BuildResult, notify: (message: string) => void): Promise<void> {
    try {
      const [error] = result.errors;
      if (error !== undefined)
        throw new Error(`${error.location?.file}:${error.location?.line} ${error.text}`);
      const changed = await this.#loadChanged(result);
      if (changed.length > 0) notify(`Reloaded ${changed.join(', ')}`);
      else if (this.#hasFailed) notify('The error is corrected; the code is unchanged.');
      this.#hasFailed = false;
    } catch (error) {
      this.#hasFailed = true;
      notify(`Not reloaded; the earlier code still runs. ${errorMessage(error)}`);
    }
  }

  /** Loads the functions whose bundle is new. @returns their names */
  async #loadChanged({ outputFiles = [] }: BuildResult): Promise<readonly string[]> {
    this.#version += 1;
    const changed: string[] = [];
    for (const { path, contents, hash } of outputFiles) {
      const [, name = ''] = /([\w-]+)\.js$/.exec(path) ?? [];
      if (this.#loaded.get(name)?.hash === hash) continue;
      const file = join(this.folder, `${name}.${this.#version}.mjs`);
      await writeFile(file, contents);
      const { handler } = v.parse(Module, await import(pathToFileURL(file).href));
      this.#loaded.set(name, { hash, handler });
      changed.push(name);
    }
    return changed;
  }
}

/** Removes the bundles of processes that were killed. */
async function removeLeftovers(cache: string): Promise<void> {
  const folders = await readdir(cache).catch(() => []);
  const left = folders.filter((folder) => !isAlive(Number(folder)));
  await Promise.all(left.map((folder) => rm(join(cache, folder), { recursive: true, force: true })));
}
