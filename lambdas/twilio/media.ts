/** Twilio's Media Content Service (twilio.md#media). */
export const MEDIA_URL = 'https://mcs.us1.twilio.com';

/** Where browsers load the files of messages from (twilio.md#media). */
const MEDIA_ORIGIN = 'https://media.us1.twilio.com';

/**
 * The origins that serve files of messages.
 * @param mediaUrl another server of Twilio's media, which serves the files itself; null for Twilio only
 */
export function mediaOrigins(mediaUrl: string | null): readonly string[] {
  return mediaUrl === null ? [MEDIA_ORIGIN] : [MEDIA_ORIGIN, new URL(mediaUrl).origin];
}
