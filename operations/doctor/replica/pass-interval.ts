/** Records on a page of a list. */
const PAGE = 100;
const HOURS_OF_MONTH = 720;
/** A third of the Team plan's monthly calls: what reading the whole base again and again may use. */
const REQUESTS_OF_MONTH = 33_000;

/** Hours between two readings of the whole base where Airtable cannot tell of changes. */
export function hoursBetweenPasses(customers: number): number {
  const pages = Math.max(1, Math.ceil(customers / PAGE));
  return Math.ceil((pages * HOURS_OF_MONTH) / REQUESTS_OF_MONTH);
}
