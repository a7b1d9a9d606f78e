/** Receives the progress of long work; each text replaces the previous one. */
export type OnProgress = (progress: string) => void;

/** A change that setup can apply. Idempotent. */
export interface Change {
  /** The action, in the imperative: "Create the column opt_out (checkbox) in Customers". */
  readonly summary: string;
  /** Old and new values, one line each; empty if there is nothing to compare. */
  readonly diff: readonly Diff[];
  /** The fault that the change corrects, as the doctor reports it. @default the values that differ */
  readonly problem?: string;
  /** For a change that the rest of the setup does not need: the fix to print if it fails, before setup continues. */
  readonly fixIfItFails?: string;
  apply(onProgress: OnProgress): Promise<void>;
}

export interface Diff {
  readonly what: string;
  /** Null if there is no value. */
  readonly from: string | null;
  readonly to: string | null;
}

/** A problem that a person has to fix, because no API can or because the setting belongs to another integration. */
export interface ManualStep {
  readonly what: string;
  /** The fix: page, field and value. */
  readonly fix: string;
}

/** A setting that works with a limitation, which a team may want. */
export interface Limit {
  readonly what: string;
  /** How to remove the limitation. */
  readonly fix: string;
}

/** The result of reading one system. */
export interface Plan {
  /** Settings that are up to date, one short sentence each. */
  readonly upToDate: readonly string[];
  /** In the order in which they have to be applied. */
  readonly changes: readonly Change[];
  readonly manualSteps: readonly ManualStep[];
}

/** One system's part of a setup or a teardown. */
export interface Reconciler {
  /** The system: "Airtable". */
  readonly name: string;
  /** Reads the system without changing it. */
  plan(): Promise<Plan>;
}

/** The plan of one part of a system; omitted lists are empty. */
export type PlanPart = Partial<Plan>;

/** One part of a system. Setup applies its plan; the doctor reports the same plan as a check. */
export interface Part<Context> {
  /** The doctor's name of the check: "webhooks". */
  readonly id: string;
  /** The subject, as the doctor prints it: "Webhooks of the conversation service". */
  readonly title: string;
  /** Ids of the checks that must pass before the doctor can judge this part. */
  readonly dependsOn: readonly string[];
  plan(context: Context): Promise<PlanPart>;
}

/** Merges several parts, in their order. */
export function joined(parts: readonly PlanPart[]): Plan {
  return {
    upToDate: parts.flatMap(({ upToDate = [] }) => upToDate),
    changes: parts.flatMap(({ changes = [] }) => changes),
    manualSteps: parts.flatMap(({ manualSteps = [] }) => manualSteps),
  };
}
