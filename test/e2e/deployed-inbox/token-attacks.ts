import { deepEqual, equal, ok } from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  InitiateAuthCommand,
  UpdateUserAttributesCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { type MiniStack, REGION, ROOT } from '../ministack';
import type { Report } from '../report';
import { type DeployedInbox, WORKERS } from './deployed-inbox';
import { askRoute, everyRoute } from './every-route';
import { forgedTokens } from './forged-tokens';
import { appClient, signInByForm, type Tokens } from './hosted-sign-in';
import type { InboxOutputs } from './inbox-outputs';

/** Two workers with their tokens, and a chat of the first. */
export interface Attacked {
  readonly cloud: MiniStack;
  readonly report: Report;
  readonly inbox: DeployedInbox;
  readonly outputs: InboxOutputs;
  readonly ana: Tokens;
  readonly ben: Tokens;
  readonly chatOfAna: string;
}

/** Calls every route with every kind of token that must not open it. */
export async function checkTokens(attacked: Attacked): Promise<void> {
  const { report, ana, ben, cloud } = attacked;
  await checkRefused(attacked, 'no token', null);
  for (const [kind, token] of Object.entries(forgedTokens(ana.access_token, subject(ben)))) {
    await checkRefused(attacked, `a token with ${kind}`, token);
  }
  await checkRefused(attacked, 'an id token', ana.id_token);
  await checkRefused(attacked, 'a refresh token', ana.refresh_token);
  const cognito = new CognitoIdentityProviderClient({
    endpoint: cloud.url,
    region: REGION,
    credentials: ROOT,
  });
  try {
    await checkRefused(attacked, "another client's token", await tokenOfOtherClient(attacked, cognito));
    await checkRefused(attacked, 'an expired token', await expiredToken(attacked, cognito));
    await checkPublicActions(attacked, cognito);
    await checkStranger(attacked, cognito);
  } finally {
    cognito.destroy();
  }
  await report.check('every route of a chat hides it from the workers whose chat it is not', () =>
    checkForeignChat(attacked),
  );
}

/** Every route returns 401 or 403, and nothing is asked of Twilio or Airtable. */
async function checkRefused(attacked: Attacked, what: string, token: string | null): Promise<void> {
  const { report, inbox, outputs, chatOfAna } = attacked;
  await report.check(`every route refuses ${what}`, async () => {
    const asked = () => inbox.twilio.requests.filter(({ method }) => method !== 'GET').length;
    const before = asked();
    const answers = await Promise.all(
      everyRoute(chatOfAna).map(async (route) => {
        const { status, body } = await askRoute(inbox.internet, outputs.InboxApiUrl, route, token);
        return { name: route.name, status, isShort: body.length < 300 };
      }),
    );
    deepEqual(
      answers.filter(({ status, isShort }) => (status !== 401 && status !== 403) || !isShort),
      [],
    );
    equal(asked(), before);
  });
}

async function checkForeignChat({ inbox, outputs, ben, chatOfAna }: Attacked): Promise<void> {
  const messages = inbox.twilio.messages(chatOfAna).length;
  const participants = JSON.stringify(inbox.twilio.participants(chatOfAna));
  const known: unknown[] = [];
  for (const route of everyRoute(chatOfAna).filter(({ isOfChat }) => isOfChat)) {
    const { status, body } = await askRoute(inbox.internet, outputs.InboxApiUrl, route, ben.access_token);
    const isHidden = status === 404 || (route.name === 'take' && (status === 403 || status === 409));
    if (!isHidden || body.includes('come and see')) known.push({ name: route.name, status, body });
  }
  deepEqual(known, []);
  equal(inbox.twilio.messages(chatOfAna).length, messages);
  equal(JSON.stringify(inbox.twilio.participants(chatOfAna)), participants);
}

/** A client that an administrator might add to the pool for another purpose. */
async function tokenOfOtherClient(
  { inbox, outputs }: Attacked,
  cognito: CognitoIdentityProviderClient,
): Promise<string> {
  const redirectUri = 'https://other.example/';
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: outputs.UserPoolId,
      ClientName: 'other',
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email'],
      CallbackURLs: [redirectUri],
      SupportedIdentityProviders: ['COGNITO'],
    }),
  );
  const clientId = UserPoolClient?.ClientId ?? '';
  const other = { url: outputs.SignInUrl, clientId, redirectUri };
  const { access_token } = await signInByForm(inbox.internet, other, WORKERS.ana);
  await cognito.send(new DeleteUserPoolClientCommand({ UserPoolId: outputs.UserPoolId, ClientId: clientId }));
  return access_token;
}

/** A token of the app's client that lasted for a second. */
async function expiredToken(
  { inbox, outputs }: Attacked,
  cognito: CognitoIdentityProviderClient,
): Promise<string> {
  const which = { UserPoolId: outputs.UserPoolId, ClientId: outputs.UserPoolClientId };
  const { UserPoolClient = {} } = await cognito.send(new DescribeUserPoolClientCommand(which));
  const { CreationDate: _, LastModifiedDate: __, ClientSecret: ___, ...settings } = UserPoolClient;
  const units = { ...settings.TokenValidityUnits, AccessToken: 'seconds' } as const;
  await cognito.send(
    new UpdateUserPoolClientCommand({
      ...settings,
      ...which,
      AccessTokenValidity: 1,
      TokenValidityUnits: units,
    }),
  );
  const { access_token } = await signInByForm(inbox.internet, appClient(outputs), WORKERS.ana);
  await cognito.send(new UpdateUserPoolClientCommand({ ...settings, ...which }));
  await delay(1_500);
  return access_token;
}

/** What a stranger or a worker may ask of Cognito without AWS credentials. */
async function checkPublicActions(
  { report, outputs, ana }: Attacked,
  cognito: CognitoIdentityProviderClient,
): Promise<void> {
  const ClientId = outputs.UserPoolClientId;
  const { email, password } = WORKERS.ana;
  const refusals = {
    'send a password to the API': () =>
      cognito.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: email, PASSWORD: password },
        }),
      ),
    'change the e-mail address': () =>
      cognito.send(
        new UpdateUserAttributesCommand({
          AccessToken: ana.access_token,
          UserAttributes: [{ Name: 'email', Value: 'ben@example.com' }],
        }),
      ),
  };
  for (const [what, attempt] of Object.entries(refusals)) {
    await report.check(`a worker or a stranger cannot ${what}`, async () => {
      const outcome = await attempt().then(
        () => 'accepted',
        (error: unknown) => (error instanceof Error ? error.name : 'refused'),
      );
      ok(/NotAuthorized|InvalidParameter|NotPermitted|UserNotConfirmed/.test(outcome), outcome);
    });
  }
}

/** A user of the pool who is not a worker. */
async function checkStranger(attacked: Attacked, cognito: CognitoIdentityProviderClient): Promise<void> {
  const { report, inbox, outputs } = attacked;
  const { UserPoolId } = outputs;
  await report.check('only administrators create users', async () => {
    const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId }));
    equal(UserPool?.AdminCreateUserConfig?.AllowAdminCreateUserOnly, true);
  });
  const mallory = { email: 'mallory@example.com', password: WORKERS.ana.password };
  const user = { UserPoolId, Username: mallory.email };
  await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
  const password = { ...user, Password: mallory.password, Permanent: true };
  await cognito.send(new AdminSetUserPasswordCommand(password));
  const { access_token } = await signInByForm(inbox.internet, appClient(outputs), mallory);
  await checkRefused(attacked, 'a user of the pool who is not a worker', access_token);
  await cognito.send(new AdminDeleteUserCommand(user));
}

function subject({ access_token }: Tokens): string {
  const claims = Buffer.from(access_token.split('.')[1] ?? '', 'base64url').toString();
  return /"sub": ?"([^"]+)"/.exec(claims)?.[1] ?? '';
}
