import { printableJson, printableLine } from '../../lambdas/characters/visible-text';
import type { ConsoleOutput } from '../terminal/console-output';
import { asCsv } from './as-csv';
import { listOptOuts, type OptedOutAddress, type OptOutSources } from './list-opt-outs';

/** Prints the list as a table, as CSV or as JSON. */
export async function showOptOuts(
  sources: OptOutSources,
  screen: ConsoleOutput,
  format: 'table' | 'csv' | 'json',
): Promise<void> {
  const optOuts = await listOptOuts(sources);
  if (format === 'csv') {
    screen.data(asCsv(optOuts));
    return;
  }
  if (format === 'json') {
    screen.line(printableJson(JSON.stringify(optOuts, null, 2)));
    return;
  }
  if (optOuts.length === 0) {
    screen.line('No address is opted out.');
    return;
  }
  const rows = optOuts.map(cellsOf);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    screen.line(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
  const count = optOuts.length;
  screen.line(`\n${count === 1 ? '1 address is' : `${count} addresses are`} opted out.`);
}

const CHANNEL_NAME = { sms: 'SMS', whatsapp: 'WhatsApp', any: 'any channel' } as const;
const IN_AIRTABLE = {
  yes: 'in Airtable',
  'not yet': 'NOT YET in Airtable',
  'no customer': 'no customer has it',
} as const;

function cellsOf({ address, channel, since, word, customers, inAirtable }: OptedOutAddress): string[] {
  const time = since === null ? 'time unknown' : `since ${since.slice(0, 16).replace('T', ' ')} UTC`;
  const cells = [address || 'unreadable number', CHANNEL_NAME[channel], time, word, customers.join(', ')];
  return [...cells, IN_AIRTABLE[inAirtable]].map((cell) => printableLine(cell));
}
