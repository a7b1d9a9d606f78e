import { describe, expect, test } from '@jest/globals';
import { resources, synthesiseInbox } from '../synthesis';

const template = synthesiseInbox();
const only = (type: string) => {
  const [found, ...others] = resources(template, type);
  if (found === undefined || others.length > 0) throw new Error(`There is not exactly one ${type}`);
  return found;
};
const client = only('AWS::Cognito::UserPoolClient');
const pool = only('AWS::Cognito::UserPool');
const siteUrl = (path: string) => {
  const domain = { 'Fn::GetAtt': [only('AWS::CloudFront::Distribution').id, 'DomainName'] };
  return { 'Fn::Join': ['', ['https://', domain, ...(path === '' ? [] : [path])]] };
};
const apiOf = (protocol: string) => {
  const found = resources(template, 'AWS::ApiGatewayV2::Api').find(
    ({ properties }) => properties['ProtocolType'] === protocol,
  );
  if (found === undefined) throw new Error(`There is no ${protocol} API`);
  return found;
};
const stageOf = (protocol: string) =>
  resources(template, 'AWS::ApiGatewayV2::Stage').find(
    ({ properties }) => Object(properties['ApiId']).Ref === apiOf(protocol).id,
  )?.properties ?? {};
const routesOf = (protocol: string) =>
  resources(template, 'AWS::ApiGatewayV2::Route')
    .map(({ properties }) => properties)
    .filter(({ ApiId }) => Object(ApiId).Ref === apiOf(protocol).id);

describe('the user pool', () => {
  test('is for invited workers, who sign in with an e-mail address in any case', () => {
    expect(pool.properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
    });
  });

  test('wants long passwords and offers a second factor', () => {
    expect(pool.properties).toMatchObject({
      Policies: { PasswordPolicy: { MinimumLength: 12 } },
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
    });
  });

  test("invites by a mail that names the inbox's address, the user and the temporary password", () => {
    const { EmailMessage } = Object(pool.properties['AdminCreateUserConfig']).InviteMessageTemplate;

    expect(JSON.stringify(EmailMessage)).toContain(only('AWS::CloudFront::Distribution').id);
    expect(JSON.stringify(EmailMessage)).toContain('{username}');
    expect(JSON.stringify(EmailMessage)).toContain('{####}');
  });

  test('is deleted with the stack, because one command invites the workers again', () => {
    expect(template.Resources[pool.id]?.DeletionPolicy).toBe('Delete');
    expect(pool.properties['DeletionProtection']).not.toBe('ACTIVE');
  });

  test("has an address of the account's own for its pages", () => {
    expect(only('AWS::Cognito::UserPoolDomain').properties['Domain']).toEqual({
      'Fn::Join': ['', ['frontline-inbox-', { Ref: 'AWS::AccountId' }]],
    });
  });
});

describe('the app as a client', () => {
  test('has no secret and one way in: a code with PKCE on the pages of Cognito', () => {
    expect(client.properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email'],
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      SupportedIdentityProviders: ['COGNITO'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
    });
  });

  test('gets tokens of fifteen minutes, for twelve hours', () => {
    expect(client.properties).toMatchObject({
      AccessTokenValidity: 15,
      IdTokenValidity: 15,
      RefreshTokenValidity: 720,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
    });
  });

  test("may not write a worker's e-mail address; an empty list would allow everything", () => {
    expect(client.properties['WriteAttributes']).toEqual(['locale']);
    expect(client.properties['ReadAttributes']).toEqual(['email', 'email_verified']);
  });

  test('returns only to the addresses of the distribution, which stand in the template', () => {
    expect(client.properties['CallbackURLs']).toEqual([siteUrl('/sign-in')]);
    expect(client.properties['LogoutURLs']).toEqual([siteUrl('/')]);
  });
});

describe('the API', () => {
  test('lets in only access tokens of this client, for three methods below /api', () => {
    const [authorizer] = resources(template, 'AWS::ApiGatewayV2::Authorizer');

    expect(authorizer?.properties).toMatchObject({
      AuthorizerType: 'JWT',
      JwtConfiguration: { Audience: [{ Ref: client.id }] },
    });
    expect(JSON.stringify(authorizer?.properties['JwtConfiguration'])).toContain(`{"Ref":"${pool.id}"}`);
    expect(routesOf('HTTP').map(({ RouteKey }) => RouteKey)).toEqual([
      'GET /api/{proxy+}',
      'POST /api/{proxy+}',
      'PUT /api/{proxy+}',
    ]);
    for (const route of routesOf('HTTP')) {
      expect(route).toMatchObject({
        AuthorizationType: 'JWT',
        AuthorizerId: { Ref: authorizer?.id },
        AuthorizationScopes: ['openid'],
      });
    }
  });

  test("is called by the site's pages only", () => {
    expect(apiOf('HTTP').properties['CorsConfiguration']).toEqual({
      AllowOrigins: [siteUrl('')],
      AllowMethods: ['GET', 'POST', 'PUT'],
      AllowHeaders: ['authorization', 'content-type'],
      MaxAge: 7_200,
    });
  });

  test('throttles, and logs each request without its path, query and token', () => {
    const { AccessLogSettings, ...stage } = stageOf('HTTP');
    const { Format } = Object(AccessLogSettings);

    expect(stage).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 },
    });
    expect(Format).not.toMatch(/\$context\.path|query|body|header|authorizer/i);
  });
});

describe('the live socket', () => {
  test('has three routes, which one function answers', () => {
    const routes = routesOf('WEBSOCKET').map(({ RouteKey }) => RouteKey);

    expect(routes).toEqual(['$connect', '$disconnect', '$default']);
  });

  test('is throttled and writes no access log, which would need a role of the whole account', () => {
    expect(stageOf('WEBSOCKET')).toMatchObject({
      StageName: 'live',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    });
    expect(stageOf('WEBSOCKET')).not.toHaveProperty('AccessLogSettings');
  });

  test('has the real address of AWS in the outputs', () => {
    expect(template.Outputs['LiveUrl']?.Value).toEqual({
      'Fn::Join': [
        '',
        [
          'wss://',
          { Ref: apiOf('WEBSOCKET').id },
          '.execute-api.',
          { Ref: 'AWS::Region' },
          '.',
          { Ref: 'AWS::URLSuffix' },
          '/live',
        ],
      ],
    });
  });
});
