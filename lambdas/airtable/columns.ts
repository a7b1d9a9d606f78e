/** Names of the tables and columns of the team's base. Set-up's schema derives from them. */
export const CUSTOMERS = 'Customers';
export const COLUMN = {
  id: 'id',
  name: 'name',
  sms: 'sms',
  whatsapp: 'whatsapp',
  email: 'email',
  linkedin: 'linkedin',
  notes: 'notes',
  owner: 'owner',
  avatar: 'avatar',
  optOut: 'opt_out',
} as const;
export type Column = (typeof COLUMN)[keyof typeof COLUMN];

/** The columns that hold a customer's numbers. */
export const NUMBER_COLUMNS = [COLUMN.sms, COLUMN.whatsapp] as const;

export const TEMPLATES = 'Templates';
export const TEMPLATE_COLUMN = {
  /** For the team; the service does not read it. */
  title: 'title',
  category: 'category',
  text: 'text',
  approved: 'whatsAppApproved',
  /** Optional. */
  contentSid: 'contentSid',
} as const;
