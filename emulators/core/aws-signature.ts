import type { IncomingHttpHeaders } from 'node:http';

/** Whether a request has AWS's signature, which the emulators require but do not verify. */
export function hasAwsSignature({ authorization }: IncomingHttpHeaders): boolean {
  return authorization?.startsWith('AWS4-HMAC-SHA256 ') === true;
}
