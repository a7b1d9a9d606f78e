export interface Customer {
  readonly name: string;
  readonly sms: string | null;
  readonly whatsapp: string | null;
}

export type PhoneState = 'on' | 'off' | 'landline';

export interface Message {
  readonly sid: string;
  readonly isOwn: boolean;
  readonly text: string;
  readonly media: readonly {
    readonly sid: string;
    readonly contentType: string;
    readonly filename: string | null;
  }[];
  readonly at: string;
  readonly status: string | null;
}

export interface Thread {
  readonly state: PhoneState | number;
  readonly isOptedOut: boolean;
  readonly windowEnds: string | null;
  readonly messages: readonly Message[];
}

export interface Entry {
  readonly id: number;
  readonly at: string;
  readonly to: 'service' | 'twilio';
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly status: number | null;
  readonly response: string;
}

/** The page's own server, on the same origin. Its responses have these shapes, because both are of one version. */
export const api = {
  customers: () => get<{ customers: readonly Customer[]; senders: readonly string[] }>('customers'),
  thread: (address: string) => get<Thread>(`thread?${new URLSearchParams({ address })}`),
  activity: (after: number) => get<{ entries: readonly Entry[]; last: number }>(`activity?after=${after}`),
  write: (address: string, text: string) => post('message', { address, text }),
  sendPicture: (address: string, file: File) =>
    send(`picture?${new URLSearchParams({ address, filename: file.name })}`, file, file.type),
  read: (address: string) => post('read', { address }),
  setState: (address: string, state: PhoneState) => post('state', { address, state }),
  letTimePass: (address: string, hours: number) => post('time', { address, hours }),
};

async function get<T>(path: string): Promise<T> {
  return parsed(await fetch(`/phone/api/${path}`));
}

function post(operation: string, body: object): Promise<void> {
  return send(operation, JSON.stringify(body), 'application/json');
}

async function send(path: string, body: BodyInit, type: string): Promise<void> {
  await parsed(
    await fetch(`/phone/api/${path}`, { method: 'POST', headers: { 'content-type': type }, body }),
  );
}

/** @throws {Error} with the server's sentence */
async function parsed<T>(response: Response): Promise<T> {
  const body = await response.json();
  if (!response.ok) throw new Error(body.message ?? `The demo returned ${response.status}`);
  return body;
}
