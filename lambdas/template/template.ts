/** A message template as the team wrote it. */
export interface Template {
  readonly category: string | null;
  readonly text: string;
  readonly whatsAppApproved: boolean;
}
