/** Something that is not as it should be, and that we can make so. Applying it twice is as good as once. */
export interface Change {
  /** What will be done, in the imperative: "Create the column opt_out (checkbox) in Customers". */
  readonly summary: string;
  /** What is there now and what will be there, a line each; empty where there is nothing to compare. */
  readonly difference: readonly Difference[];
  /** @param tell is told how far a long one has come, in words that replace the last ones. */
  apply(tell: (progress: string) => void): Promise<void>;
}

export interface Difference {
  readonly what: string;
  /** Null for nothing. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Something that is not as it should be, and that a person has to do: no API can, or it is somebody else's. */
export interface ManualStep {
  readonly what: string;
  /** What to do: the page, the field, the value. */
  readonly remedy: string;
}

/** Something that works, but not as well as it could; a team may want it so. */
export interface Limit {
  readonly what: string;
  /** What to do for more. */
  readonly remedy: string;
}

/** What one look at a system found. */
export interface Plan {
  /** What is right already, a short sentence each. */
  readonly right: readonly string[];
  /** In the order in which they have to be applied. */
  readonly changes: readonly Change[];
  readonly obstacles: readonly ManualStep[];
}

/** One system's part of a set-up or of its taking back. */
export interface Step {
  /** The system: "Airtable". */
  readonly name: string;
  /** Looks and changes nothing. */
  survey(): Promise<Plan>;
}

/** What looking at one part of a system found; what is left out is nothing. */
export type SurveyPart = Partial<Plan>;

/** Several parts as one, in their order. */
export function joined(parts: readonly SurveyPart[]): Plan {
  return {
    right: parts.flatMap(({ right = [] }) => right),
    changes: parts.flatMap(({ changes = [] }) => changes),
    obstacles: parts.flatMap(({ obstacles = [] }) => obstacles),
  };
}
