/** The largest response that Frontline accepts (error 48003, twilio.md#callbacks-and-timeouts). */
export const ANSWER_BYTES = 64_000;

/** The share of a list's rows; the rest is for the fields around them, such as a page token. */
export const ROWS_BYTES = 60_000;
