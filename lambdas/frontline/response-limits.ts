/** The most that Frontline takes as an answer (error 48003, twilio.md#callbacks-and-timeouts). */
export const ANSWER_BYTES = 64_000;

/** What a list's rows may take of it; the rest is for what stands round them, such as a page token. */
export const ROWS_BYTES = 60_000;
