/** A worker's month. */
export const DAYS = 22;
/** Of a working day. */
export const HOURS = 8;
