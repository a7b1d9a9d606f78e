import type { Command } from 'commander';
import { printableJson } from '../../lambdas/characters/visible-text';
import { withDotEnv } from '../../lib/deployment-configuration';
import { ConsoleOutput } from '../terminal/console-output';

interface DoctorOptions {
  readonly json?: boolean;
  readonly beforeRollback?: boolean;
}

export function addDoctorCommand(program: Command, signal: AbortSignal): void {
  program
    .command('doctor')
    .summary('check everything that the service needs; changes nothing')
    .description(
      'Checks everything that the service needs, from the configuration to the rows of the base. Changes nothing. ' +
        'One line a check: ✓ passed, ✗ failed (with fix), ! works with limits, – skipped.',
    )
    .option('--json', 'print the results as JSON, with every finding')
    .option(
      '--before-rollback',
      'only check whether the service may return to a version without a replica: not while that would lose an opt-out',
    )
    .action(async ({ json = false, beforeRollback = false }: DoctorOptions) => {
      const { diagnose, examineService } = await import('../doctor/diagnose');
      const { asJson } = await import('../doctor/run-checks');
      const { hasFailures } = await import('../doctor/run-checks');
      const environment = withDotEnv(process.cwd(), process.env);
      const diagnosis = { environment, pacing: { signal }, beforeRollback };
      if (!json) {
        const isHealthy = await diagnose({ ...diagnosis, screen: new ConsoleOutput(process.stdout) });
        process.exitCode = isHealthy ? 0 : 1;
        return;
      }
      const reports = await examineService(diagnosis, () => {});
      console.log(printableJson(asJson(reports)));
      process.exitCode = hasFailures(reports) ? 1 : 0;
    });
}
