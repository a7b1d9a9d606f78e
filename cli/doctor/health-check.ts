/** One thing that a check found: for data, the record by its name, and the address of its page. */
export interface Finding {
  readonly what: string;
  readonly link: string | null;
}

export type Outcome =
  | { readonly verdict: 'right'; readonly says: string }
  | {
      readonly verdict: 'wrong';
      /** What is wrong, and with what. */
      readonly says: string;
      /** What to do about it. */
      readonly remedy: string;
      /** Where it is wrong, if in several places. */
      readonly findings?: readonly Finding[];
    }
  /** It works, but not as well as it could; a team may want it so. */
  | { readonly verdict: 'limited'; readonly says: string; readonly remedy: string }
  | { readonly verdict: 'unknown'; readonly says: string; readonly remedy: string };

/** One line of the doctor's screen. */
export interface Check {
  /** A stable name in kebab-case, for `--json`. */
  readonly id: string;
  /** What is looked at, as the screen names it: "Webhooks of the Conversations service". */
  readonly title: string;
  /** The ids of checks without whose being right this one has nothing to look at, or would only say the same again. */
  readonly needs: readonly string[];
  /** An error that it throws is a wrong, in the error's words. */
  run(): Promise<Outcome>;
}
