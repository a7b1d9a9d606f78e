/** A message template as the team wrote it. */
export interface Template {
  readonly category: string | null;
  readonly text: string;
  readonly whatsAppApproved: boolean;
  /** The SID of Twilio's Content API (`HX…`) under which WhatsApp approved it; null without one. */
  readonly contentSid: string | null;
}
