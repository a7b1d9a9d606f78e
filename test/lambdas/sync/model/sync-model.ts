import { strict as assert } from 'node:assert';
import { isTickedByHand } from '../../../../lambdas/opt-out/hand-tick';
import { type OptOutEvent, optedOutChannels, partitionsOf } from '../../../../lambdas/opt-out/opt-out-store';
import { type AddressKey, parseAddress, spellingsOf } from '../../../../lambdas/phone-number/address';
import type { StoredCustomer } from '../../../../lambdas/replica/replica-store';
import { runSync } from '../../../../lambdas/sync/run-sync';
import type { SyncEvent } from '../../../../lambdas/sync/sync-event';
import type { SyncReport } from '../../../../lambdas/sync/sync-report';
import { override } from '../override';
import { held, heldReplica } from './held';
import { MemoryBase } from './memory-base';
import { MemoryOptOutStore } from './memory-opt-out-store';
import { MemoryReplicaStore } from './memory-replica-store';
import { Stepper } from './stepper';
import { TruthHistory } from './truth';

const SETTINGS = {
  webhookUrl: 'https://service.example/airtable/webhook',
  scheduleMilliseconds: 300_000,
  pingMilliseconds: 30_000,
  guardColumns: ['optOut', 'sms', 'whatsapp'],
} as const;

/** Longer than any lease, and than the time until a pass where there is no webhook. */
const QUIET_MS = 2 * 60 * 60_000;

export interface ModelRun {
  readonly stepper: Stepper;
  readonly startedAt: number;
  reports: readonly SyncReport[] | null;
}

/** Sync in memory, with the invariants that hold after each of its steps. */
export class SyncModel {
  #now = Date.parse('2026-03-02T12:00:00.000Z');
  readonly now = (): number => {
    this.#now += 1;
    return this.#now;
  };
  readonly base = new MemoryBase(this.now);
  readonly store = new MemoryReplicaStore();
  readonly optOuts = new MemoryOptOutStore();
  readonly truth = new TruthHistory(this.base, this.now);
  readonly events: { readonly address: string; readonly event: OptOutEvent }[] = [];
  runs: ModelRun[] = [];
  /** Whether a change happened that neither a payload nor a check of columns shows, so that only a pass finds it. */
  hidesChanges = false;
  /** Records that a person has ticked, as far as sync can know: their tick must stay. */
  readonly handTicks = new Set<string>();
  /** Customers' opt-outs and opt-ins while the replica had them at the address. */
  readonly #said = new Map<string, OptOutEvent[]>();
  /** Numbers of customers who left with a person's tick, and when they left. */
  readonly #left = new Map<AddressKey, number>();
  #before: ReadonlyMap<string, StoredCustomer> = new Map();

  constructor() {
    this.base.onChange = (recordId) => this.truth.note(recordId);
    this.base.onTick = (recordId, value) => {
      if (!value) assert(!this.handTicks.has(recordId), `sync took a person's tick away from ${recordId}`);
    };
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  start(run: SyncEvent['run']): ModelRun {
    const stepper = new Stepper();
    const started: ModelRun = { stepper, startedAt: this.now(), reports: null };
    const clock = {
      now: this.now,
      sleep: (milliseconds: number) => stepper.call(() => this.advance(milliseconds)),
    };
    const parts = {
      base: this.base.openFor(stepper),
      store: heldReplica(this.store, stepper),
      optOuts: held(this.#watched(started), stepper),
      clock,
      settings: SETTINGS,
    };
    void runSync({ run }, parts, async () => {}).then((reports) => {
      started.reports = reports;
    });
    this.runs.push(started);
    return started;
  }

  async step(run: ModelRun, count: number): Promise<void> {
    for (let done = 0; done < count && (await run.stepper.step()); done += 1) await this.check();
    if (run.reports !== null) this.runs = this.runs.filter((each) => each !== run);
  }

  async finish(run: ModelRun): Promise<readonly SyncReport[]> {
    await this.step(run, Number.POSITIVE_INFINITY);
    assert(run.reports !== null, 'the run came to no end');
    return run.reports;
  }

  kill(run: ModelRun): void {
    run.stepper.kill();
    this.runs = this.runs.filter((each) => each !== run);
  }

  /** Records a customer's opt-out or opt-in, as the handler does. @param copies whether it is also copied */
  async say(address: string, event: OptOutEvent, copies: boolean): Promise<void> {
    const key = parseAddress(address)?.key;
    assert(key !== undefined);
    await this.optOuts.record(address, event);
    this.events.push({ address, event });
    const recordIds = await this.store.recordIdsAt([key], []);
    for (const id of recordIds) this.#said.set(id, [...(this.#said.get(id) ?? []), event]);
    if (copies) await this.optOuts.recordFor(recordIds, event);
  }

  /** Checks the invariants that always hold while the service works. */
  async check(): Promise<void> {
    const now = new Map(this.store.customers);
    if (this.store.state.lastPass !== null) {
      for (const stored of now.values()) await this.#checkCustomer(stored);
      for (const [id, stored] of this.#before) if (!now.has(id)) this.#noteLeft(stored);
      for (const [key, time] of this.#left) await this.#checkLeft(key, time);
    }
    this.#before = now;
  }

  async #checkCustomer(stored: StoredCustomer): Promise<void> {
    const { recordId, customer } = stored;
    assert(this.truth.hasSaid(stored), `the replica says of ${recordId} what the base never said`);
    const kept = await this.optOuts.eventsOf(partitionsOf(customer));
    const isOptedOut = optedOutChannels([...kept, ...(this.#said.get(recordId) ?? [])]).size > 0;
    const isRefused = stored.optOutCell !== 'no' || optedOutChannels(kept).size > 0;
    assert(isRefused || !isOptedOut, `the guard is open for ${recordId}`);
  }

  #noteLeft(stored: StoredCustomer): void {
    const goneAt = this.truth.goneAt(stored);
    assert(goneAt !== null, `${stored.recordId} left the replica though the base has it`);
    if (!isTickedByHand(stored, this.optOuts.own.has(stored.recordId))) return;
    for (const key of stored.addressKeys) this.#left.set(key, goneAt);
  }

  async #checkLeft(key: AddressKey, goneAt: number): Promise<void> {
    const kept = await this.optOuts.eventsOf(spellingsOf(key));
    const isTakenBack = kept.some(({ kind, at }) => kind === 'opt-in' && Date.parse(at) >= goneAt);
    assert(
      isTakenBack || optedOutChannels(kept).size > 0,
      `the guard is open for ${key}, whose customer left with a person's tick`,
    );
  }

  /** Ends all faults and lets sync finish; then the replica equals the base, and no opt-out is lost. */
  async converge(): Promise<void> {
    for (const run of this.runs) this.kill(run);
    this.base.isDown = false;
    this.base.losesReplies = false;
    this.base.renamed.clear();
    this.base.locked.clear();
    this.advance(QUIET_MS);
    for (const run of ['schedule', 'schedule', 'schedule'] as const) await this.#runWell(run);
    // Without a pass, unless only a pass can see the cause of the runs' failures.
    if (!this.hidesChanges) this.#checkReplica();
    const { repairs } = await this.#runWell('pass');
    this.#checkOwners();
    if (!this.hidesChanges)
      assert.equal(repairs ?? 0, 0, 'a pass repaired what the webhook should have told');
    for (const run of ['schedule', 'schedule', 'schedule'] as const) await this.#runWell(run);
    this.#checkReplica();
    await this.#checkOptOuts();
  }

  /** The opt-outs as a run uses them: an event may leave the outbox only when Airtable has it. */
  #watched({ startedAt }: Pick<ModelRun, 'startedAt'>): MemoryOptOutStore {
    return override(this.optOuts, {
      settle: async (pending) => {
        const key = parseAddress(pending.address)?.key;
        for (const recordId of key === undefined ? [] : await this.store.recordIdsAt([key], [])) {
          const { customer } = this.store.customers.get(recordId) ?? {};
          if (customer === undefined) continue;
          const isOptedOut = optedOutChannels(await this.optOuts.eventsOf(partitionsOf(customer))).size > 0;
          const wasRight = this.truth
            .since(recordId, startedAt)
            .some(({ truth }) => truth?.optOutCell !== 'no');
          assert(!isOptedOut || wasRight, `the outbox forgets an opt-out that ${recordId} does not show`);
        }
        await this.optOuts.settle(pending);
      },
    });
  }

  async #runWell(run: SyncEvent['run']): Promise<SyncReport> {
    const report = (await this.finish(this.start(run))).at(-1);
    assert(report !== undefined);
    if (report.failure !== null) throw report.failure;
    assert.equal(report.recordFaults.size, 0);
    return report;
  }

  #checkReplica(): void {
    assert.deepEqual([...this.store.customers.keys()].sort(), [...this.base.records.keys()].sort());
    for (const stored of this.store.customers.values()) {
      const read = this.base.truth(stored.recordId);
      assert(read !== null && 'mapped' in read);
      assert.deepEqual(stored.customer, read.mapped.customer);
    }
  }

  /** Counts are exact after a full pass. */
  #checkOwners(): void {
    const owners = new Map<string, number>();
    for (const { owner } of this.store.customers.values()) {
      if (owner !== null) owners.set(owner, (owners.get(owner) ?? 0) + 1);
    }
    assert.deepEqual(new Map([...this.store.owners].sort()), new Map([...owners].sort()));
  }

  async #checkOptOuts(): Promise<void> {
    assert.equal(this.optOuts.pending.size, 0, 'an opt-out still waits');
    for (const { address, event } of this.events) {
      const kept = await this.optOuts.eventsOf([address]);
      assert(
        kept.some(({ id, at }) => id === event.id && at === event.at),
        'an event is lost',
      );
    }
    for (const { customer, recordId } of this.store.customers.values()) {
      const isOptedOut = optedOutChannels(await this.optOuts.eventsOf(partitionsOf(customer))).size > 0;
      const isOurs = this.optOuts.own.has(recordId);
      if (isOptedOut) assert.notEqual(customer.optOutCell, 'no', `${recordId} is not ticked`);
      else assert(!isOurs, `our tick of ${recordId} stays though the customer has opted in`);
      if (this.handTicks.has(recordId)) assert.notEqual(customer.optOutCell, 'no', 'a tick by hand is gone');
    }
  }
}
