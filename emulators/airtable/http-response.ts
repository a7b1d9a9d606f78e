import type { AirtableError } from './airtable-errors';

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** Whether Airtable returns 200 or 204 with an empty body is not confirmed. */
export function emptyResponse(): HttpResponse {
  return { status: 200, headers: {}, body: '' };
}

export function errorResponse({ status, body, headers }: AirtableError): HttpResponse {
  return jsonResponse(status, body, headers);
}

export function htmlResponse(status: number, title: string): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}
