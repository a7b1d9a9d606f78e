/** Twilio's error codes for conversations that a caller distinguishes (twilio.md#rest-requests). */

/** The conversation is closed, which is final. */
export const CONVERSATION_CLOSED = 50_377;
/** The identity takes part already. */
export const ALREADY_THERE = 50_433;
/** The pair of customer and number is in another open conversation. */
export const PAIR_TAKEN = 50_416;
/** Another conversation has the unique name. */
export const NAME_TAKEN = 50_353;
