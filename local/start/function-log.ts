/**
 * From now on everything is written to stdout. On Lambda both streams are one log; here, warnings of the functions
 * would otherwise come out of order, and be missing where stdout is piped on.
 */
export function writeOneLog(): void {
  process.stderr.write = process.stdout.write.bind(process.stdout);
}
