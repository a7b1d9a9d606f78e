/** A row of the Customers table as typed by hand; an omitted column is a blank cell. */
export type CustomerRow = {
  readonly id?: number;
  readonly name?: string;
  readonly sms?: string;
  readonly whatsapp?: string;
  readonly email?: string;
  readonly linkedin?: string;
  readonly notes?: string;
  readonly owner?: string;
  readonly avatar?: string;
  readonly opt_out?: string;
  readonly company?: string;
  readonly city?: string;
};
