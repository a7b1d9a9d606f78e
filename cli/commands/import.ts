import type { Command } from 'commander';
import { withDotEnv } from '../../lib/deployment-configuration';
import { ConsoleOutput } from '../terminal/console-output';
import { DRY_RUN } from './shared-options';

interface ImportOptions {
  readonly dryRun?: boolean;
}

export function addImportCommand(program: Command, signal: AbortSignal): void {
  program
    .command('import')
    .argument('<file>', 'a CSV file with a header row')
    .summary('import customers from a CSV file into the base')
    .description(
      'Imports the customers of a CSV file that the base does not have yet. Uses Airtable only; can be repeated.',
    )
    .option(...DRY_RUN)
    .action(async (file: string, { dryRun = false }: ImportOptions) => {
      const { runImport } = await import('../import/import-customers');
      const directory = process.cwd();
      const environment = withDotEnv(directory, process.env);
      const screen = new ConsoleOutput(process.stdout);
      process.exitCode = await runImport({ file, dryRun }, { environment, directory, screen, signal });
    });
}
