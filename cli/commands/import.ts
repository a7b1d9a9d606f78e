import type { Command } from 'commander';
import { withDotEnv } from '../../lib/dot-env';
import { ConsoleOutput } from '../terminal/console-output';
import { DRY_RUN } from './approval-options';

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
      const { importFile, showImport } = await import('../setup/import-file');
      const { readSettings } = await import('../settings/settings');
      const settings = readSettings(withDotEnv(process.cwd(), process.env));
      const request = { file, settings, screen: new ConsoleOutput(process.stdout), signal };
      if (dryRun) await showImport(request);
      else process.exitCode = (await importFile(request)) ? 0 : 1;
    });
}
