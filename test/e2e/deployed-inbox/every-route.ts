import { randomUUID } from 'node:crypto';
import { ROUTES, type RouteName, requestTarget } from '../../../lambdas/inbox/api';
import { BEN } from '../team';
import type { Answered, Internet } from './internet';

/** A request that a route accepts from the worker of the chat. */
export interface RouteRequest {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly body: string;
  /** Whether it is about one chat. */
  readonly isOfChat: boolean;
}

/** A request of every route, about this chat. */
export function everyRoute(chatSid: string): readonly RouteRequest[] {
  const params = {
    chatSid,
    messageSid: `IM${'0'.repeat(32)}`,
    mediaSid: `ME${'0'.repeat(32)}`,
    customerId: '1',
  };
  return Object.entries(ROUTES).map(([name, { method, path }]) => ({
    name,
    method,
    target: requestTarget(path, params, name === 'customerTemplates' ? { channel: 'sms' } : {}),
    body: method === 'GET' ? '' : JSON.stringify(bodies()[name] ?? {}),
    isOfChat: path.includes(':chatSid'),
  }));
}

function bodies(): Readonly<Partial<Record<string, unknown>> & Partial<Record<RouteName, unknown>>> {
  const content = { kind: 'text', text: 'An attack' };
  return {
    setAvailability: { isAvailable: false },
    send: { sendId: randomUUID(), content },
    read: { index: 0 },
    startChat: { startId: randomUUID(), customerId: '1', channel: 'sms', content },
    transfer: { to: BEN },
    addCustomer: { name: 'Mallory', sms: '+14155550166', whatsapp: null },
  };
}

/** Sends a route's request with this token; null sends none. */
export function askRoute(
  internet: Internet,
  apiUrl: string,
  { method, target, body }: RouteRequest,
  token: string | null,
): Promise<Answered> {
  return internet.ask(apiUrl, target, {
    method,
    body,
    headers: {
      ...(body !== '' && { 'content-type': 'application/json' }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
  });
}
