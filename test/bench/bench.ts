import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, deployedBundles, WHOLE, yardsticks } from './bundles';
import { moduleLoadTimes } from './module-load';
import { CUSTOMERS, type WarmRequest, warmRequests } from './warm-requests';

/** The most that a function may take to load, as a part of what importing everything whole takes. */
const TARGETS: Readonly<Record<string, number>> = {
  crm: 0.3,
  'outgoing-conversation': 0.3,
  templates: 0.3,
  routing: 0.35,
  'twilio-conversations': 0.35,
  'airtable-webhook': 0.3,
  sync: 0.35,
};

const folder = await mkdtemp(join(tmpdir(), 'frontline-airtable-bench-'));
try {
  const bundles = await deployedBundles(folder);
  const held = await yardsticks(folder);
  const loads = await moduleLoadTimes([...held, ...bundles]);
  const ratioOf = ({ name }: Bundle) => (loads.get(name) ?? Number.NaN) / (loads.get(WHOLE) ?? Number.NaN);

  console.log('| bundle | kB | module load, ms | of whole imports | target |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const bundle of [...held, ...bundles]) {
    const target = TARGETS[bundle.name];
    const cells = [
      bundle.name,
      bundle.kilobytes,
      loads.get(bundle.name)?.toFixed(1),
      ratioOf(bundle).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} | ${target === undefined ? '' : `≤ ${target}`} |`);
  }

  console.log(`\n| callback | question | warm, ms | Airtable requests | Twilio requests |`);
  console.log('| --- | --- | ---: | ---: | ---: |');
  for (const request of await warmRequests(bundles)) console.log(row(request));
  console.log(
    `\nReading a base of ${CUSTOMERS} customers whole, as for one page of the quickstart's list, takes ${CUSTOMERS / 100} Airtable requests.`,
  );

  const missed = bundles.filter((bundle) => !(ratioOf(bundle) <= (TARGETS[bundle.name] ?? 0)));
  if (missed.length > 0) {
    console.error(`\nSlower to load than the target: ${missed.map(({ name }) => name).join(', ')}`);
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function row({ callback, question, milliseconds, airtableRequests, twilioRequests }: WarmRequest): string {
  return `| ${callback} | ${question} | ${milliseconds.toFixed(1)} | ${airtableRequests} | ${twilioRequests} |`;
}
