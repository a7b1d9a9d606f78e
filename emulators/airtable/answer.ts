import type { Refusal } from './airtable-errors';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** Whether Airtable returns 200 or 204 with an empty body is not confirmed. */
export function emptyAnswer(): Answer {
  return { status: 200, headers: {}, body: '' };
}

export function refusalAnswer({ status, body, headers }: Refusal): Answer {
  return jsonResponse(status, body, headers);
}

export function htmlAnswer(status: number, title: string): Answer {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}
