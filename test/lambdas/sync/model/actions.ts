import fc from 'fast-check';
import type { OptOutEvent } from '../../../../lambdas/opt-out/opt-out-store';
import type { Cells, Field } from './memory-base';
import type { SyncModel } from './sync-model';

const SECOND = 1_000;

/** Typical cell contents: three numbers in several spellings, two in one cell, one that cannot be read. */
const NUMBER_CELLS = [
  '',
  '+14155550101',
  '(415) 555-0102',
  '+52 55 1234 5678',
  '+14155550101 / +14155550102',
  'ask 5550101',
] as const;
const ADDRESSES = [
  '+14155550101',
  '+14155550102',
  '+525512345678',
  'whatsapp:+14155550101',
  'whatsapp:+5215512345678',
] as const;

const numberCell = fc.constantFrom(...NUMBER_CELLS);
const which = fc.nat(5);

/** An action: on the base, at Airtable, on a run of sync, or by a customer. */
export const anAction = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('create' as const), sms: numberCell, whatsapp: numberCell }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('renumber' as const),
      which,
      cell: numberCell,
      field: fc.constantFrom('sms' as const, 'whatsapp' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      which,
      field: fc.constantFrom('name' as const, 'owner' as const),
      text: fc.constantFrom('', 'a', 'b'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('mark' as const),
      which,
      cell: fc.constantFrom('', 'yes', 'ask first'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'undo' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('rename' as const),
      field: fc.constantFrom('opt_out' as const, 'sms' as const, 'owner' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename-back' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      kind: fc.constantFrom('opt-out' as const, 'opt-in' as const),
      address: fc.constantFrom(...ADDRESSES),
      late: fc.constantFrom(0, 5, 600),
      copies: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), which }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      run: fc.constantFrom('schedule' as const, 'changes' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      run: fc.constantFrom('schedule' as const, 'changes' as const, 'pass' as const),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('step' as const), which, count: fc.nat(40) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('finish' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('kill' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 20, 61, 300, 90_000, 8 * 86_400),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('webhook' as const),
      what: fc.constantFrom('stops pinging' as const, 'fails' as const, 'is deleted' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('airtable' as const),
      what: fc.constantFrom(
        'loses lists' as const,
        'is down' as const,
        'is up' as const,
        'loses replies' as const,
        'locks' as const,
      ),
      which,
    }),
  },
);
export type Action = typeof anAction extends fc.Arbitrary<infer T> ? T : never;

/** Performs the action where it is possible. */
export async function act(model: SyncModel, action: Action): Promise<void> {
  switch (action.do) {
    case 'create':
      model.base.create(cells({ name: 'New', owner: 'a', sms: action.sms, whatsapp: action.whatsapp }));
      break;
    case 'renumber':
      change(model, action.which, { [action.field]: action.cell });
      break;
    case 'edit':
      change(model, action.which, { [action.field]: action.text });
      break;
    case 'mark':
      mark(model, action.which, action.cell);
      break;
    case 'delete':
      withOne([...model.base.records.keys()], action.which, (id) => model.base.delete(id));
      break;
    case 'undo':
      withOne([...model.base.trash.keys()], action.which, (id) => model.base.undoDelete(id));
      break;
    case 'rename':
      model.base.renamed.add(action.field);
      if (action.field === 'owner') model.hidesChanges = true;
      break;
    case 'rename-back':
      // While a run is between a read and its check, no service can detect that the column was away.
      if (model.runs.length === 0) model.base.renamed.clear();
      break;
    case 'say':
      await say(model, action);
      break;
    case 'repeat':
      await withOne(model.events, action.which, ({ address, event }) => model.optOuts.record(address, event));
      break;
    case 'run':
      if (model.runs.length === 0) await model.finish(model.start(action.run));
      break;
    case 'start':
      if (model.runs.length < 2) model.start(action.run);
      break;
    case 'step':
      await withOne(model.runs, action.which, (run) => model.step(run, action.count));
      break;
    case 'finish':
      await withOne(model.runs, action.which, (run) => model.finish(run));
      break;
    case 'kill':
      withOne(model.runs, action.which, (run) => model.kill(run));
      break;
    case 'wait':
      model.advance(action.seconds * SECOND);
      break;
    case 'webhook':
      disturbWebhook(model, action.what);
      break;
    case 'airtable':
      disturbAirtable(model, action);
  }
  await model.check();
}

function withOne<T, R>(items: readonly T[], index: number, work: (item: T) => R): R | undefined {
  const item = items[index % Math.max(1, items.length)];
  return item === undefined ? undefined : work(item);
}

function change({ base }: SyncModel, index: number, changed: Cells): void {
  withOne([...base.records.keys()], index, (id) => base.change(id, changed));
}

/** A person ticks or unticks. Between two reads of a cell, sync cannot know whose tick it is. */
function mark(model: SyncModel, index: number, cell: string): void {
  withOne([...model.base.records.keys()], index, (id) => {
    const isKnowable = model.runs.length === 0 && !model.optOuts.own.has(id);
    if (cell === '') model.handTicks.delete(id);
    else if (isKnowable) model.handTicks.add(id);
    model.base.change(id, { opt_out: cell });
  });
}

async function say(model: SyncModel, action: Action & { readonly do: 'say' }): Promise<void> {
  const event: OptOutEvent = {
    kind: action.kind,
    channel: action.address.startsWith('whatsapp:') ? 'whatsapp' : 'sms',
    keyword: action.kind === 'opt-out' ? 'STOP' : 'START',
    at: new Date(model.now() - action.late * SECOND).toISOString(),
    id: `IM${model.events.length}`,
  };
  await model.say(action.address, event, action.copies);
}

function disturbWebhook({ base }: SyncModel, what: (Action & { readonly do: 'webhook' })['what']): void {
  for (const webhook of [...base.webhooks]) {
    if (what === 'stops pinging') webhook.areNotificationsEnabled = false;
    if (what === 'is deleted') base.deleteWebhook(webhook.id);
  }
  if (what === 'fails') base.failWebhooks();
}

function disturbAirtable({ base }: SyncModel, { what, which }: Action & { readonly do: 'airtable' }): void {
  if (what === 'loses lists') base.loseLists();
  if (what === 'is down') base.isDown = true;
  if (what === 'is up') base.isDown = false;
  if (what === 'loses replies') base.losesReplies = !base.losesReplies;
  if (what === 'locks') withOne([...base.records.keys()], which, (id) => base.locked.add(id));
}

function cells(all: Readonly<Record<Exclude<Field, 'opt_out'>, string>>): Cells {
  return all;
}
