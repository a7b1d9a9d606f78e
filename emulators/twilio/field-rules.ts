import { twilioError } from './twilio-errors';

// The size limits of twilio.md#rest-requests, last line.
const FRIENDLY_NAME_CHARACTERS = 256;
const IDENTITY_CHARACTERS = 256;
export const CONVERSATION_ATTRIBUTES_BYTES = 16 * 1024;
export const SMALL_ATTRIBUTES_BYTES = 4 * 1024;

/** @throws {TwilioError} 50304 for invalid JSON, 50303 if it is too long. */
export function checkAttributes(attributes: string, limitInBytes: number): void {
  if (Buffer.byteLength(attributes) > limitInBytes) throw twilioError('attributesTooLong');
  try {
    JSON.parse(attributes);
  } catch {
    throw twilioError('attributesNotJson');
  }
}

export function checkNames(names: {
  readonly friendlyName?: string | undefined;
  readonly uniqueName?: string | undefined;
}): void {
  if ((names.friendlyName?.length ?? 0) > FRIENDLY_NAME_CHARACTERS) throw twilioError('friendlyNameTooLong');
  if ((names.uniqueName?.length ?? 0) > FRIENDLY_NAME_CHARACTERS) throw twilioError('uniqueNameTooLong');
}

export function checkIdentity(identity: string): void {
  if (identity === '') throw twilioError('identityMissing');
  if (identity.length > IDENTITY_CHARACTERS) throw twilioError('identityTooLong');
}

export function checkBody(body: string, limitInCharacters: number): void {
  if (body.length > limitInCharacters) throw twilioError('bodyTooLong');
}
