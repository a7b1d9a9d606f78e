/** After so many attempts an event goes to the dead-letter queue. Five take a quarter of an hour. */
export const MAX_ATTEMPTS = 5;
