/** One finding of a check; in data checks, the record's name and the URL of its page. */
export interface Finding {
  readonly what: string;
  readonly link: string | null;
}

export type CheckResult =
  | { readonly status: 'pass'; readonly message: string }
  | {
      readonly status: 'fail';
      /** The fault, and what has it. */
      readonly message: string;
      /** How to fix it. */
      readonly fix: string;
      /** The places, if there are several. */
      readonly findings?: readonly Finding[];
    }
  /** It works with limits, which a team may accept. */
  | { readonly status: 'limited'; readonly message: string; readonly fix: string }
  | { readonly status: 'skip'; readonly message: string; readonly fix: string };

/** One check, printed as one line. */
export interface HealthCheck {
  /** A stable name in kebab-case, for `--json`. */
  readonly id: string;
  /** The subject of the check, as printed: "Webhooks of the Conversations service". */
  readonly title: string;
  /** Ids of checks that must pass first: otherwise this one has nothing to check or would repeat their fault. */
  readonly dependsOn: readonly string[];
  /** A thrown error fails the check, with the error's message. */
  run(): Promise<CheckResult>;
}
