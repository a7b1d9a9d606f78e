import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import type { InboxOutputs } from './inbox-outputs';
import type { Answered, Internet } from './internet';

/** What the app sends to Cognito's pages. */
export interface SignInClient {
  /** Scheme and host of the pages. */
  readonly url: string;
  readonly clientId: string;
  readonly redirectUri: string;
}

/** The app itself. */
export function appClient({ SignInUrl, UserPoolClientId, InboxUrl }: InboxOutputs): SignInClient {
  return { url: SignInUrl, clientId: UserPoolClientId, redirectUri: `${InboxUrl}/sign-in` };
}

const Tokens = v.object({
  access_token: v.string(),
  id_token: v.string(),
  refresh_token: v.string(),
  expires_in: v.number(),
});
export type Tokens = v.InferOutput<typeof Tokens>;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Signs in as the app does, without a browser: code flow with PKCE. @throws {Error} if Cognito does not accept it */
export async function signInByForm(
  internet: Internet,
  { url, clientId, redirectUri }: SignInClient,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<Tokens> {
  const verifier = randomBytes(32).toString('base64url');
  const asked = {
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email',
    state: 'by-form',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const login = await post(internet, url, '/login', { ...asked, username: email, password });
  const code = new URL(login.headers.location ?? 'about:blank').searchParams.get('code');
  if (code === null) throw new Error(`${email} was not signed in: ${login.status}`);
  const exchange = {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
  };
  const answer = await post(internet, url, '/oauth2/token', exchange);
  return v.parse(Tokens, JSON.parse(answer.body));
}

/** Asks for a new access token. */
export function refresh(
  internet: Internet,
  { url, clientId }: SignInClient,
  refreshToken: string,
): Promise<Answered> {
  const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken };
  return post(internet, url, '/oauth2/token', form);
}

function post(
  internet: Internet,
  url: string,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<Answered> {
  return internet.ask(url, path, {
    method: 'POST',
    headers: FORM,
    body: new URLSearchParams(form).toString(),
  });
}
