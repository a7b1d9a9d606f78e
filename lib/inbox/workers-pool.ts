import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  UserPoolClientIdentityProvider,
  type UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { SIGN_IN_HOURS, SIGN_IN_PATH, SIGN_IN_SCOPES } from './sign-in';

export interface WorkersPoolProps {
  /** The app's address, without a slash at the end. */
  readonly siteUrl: string;
}

/**
 * Who may sign in: workers by invitation, with e-mail and password. It is deleted with the stack, because the workers
 * themselves are in the inbox's table, and one command invites them again.
 */
export class WorkersPool extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  private readonly domain: UserPoolDomain;

  constructor(scope: Construct, id: string, { siteUrl }: WorkersPoolProps) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      signInAliases: { email: true },
      signInCaseSensitive: false,
      selfSignUpEnabled: false,
      autoVerify: { email: true },
      // A changed address counts only once its owner has confirmed it.
      keepOriginal: { email: true },
      // Not `required`, which would require that the client can write it. Every user has one: it is the user name.
      standardAttributes: { email: { required: false, mutable: true } },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(7),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      userInvitation: invitation(siteUrl),
      // The inbox uses nothing of the more expensive plans.
      featurePlan: FeaturePlan.LITE,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(this.pool, {
      COG2: "Requiring a second factor would lock out workers who have no second device, so it is the choice of the team: Cognito > User pools > Sign-in > MFA enforcement > Require. Cognito's pages then have each worker add an authenticator app at the next sign-in; while it is optional they offer none.",
      COG8: 'The Plus plan checks sign-ins against leaked passwords and unusual places, at a price for each worker and month. There is no sign-up, an attacker has to know the address of an invited worker, and Cognito itself locks out a user after failed attempts.',
    });
    this.domain = this.pool.addDomain('Domain', {
      // One name per region among all accounts, so it contains the account's number.
      cognitoDomain: { domainPrefix: `frontline-inbox-${Aws.ACCOUNT_ID}` },
    });
    this.client = this.pool.addClient('Client', {
      // A browser cannot keep a secret: PKCE takes its place.
      generateSecret: false,
      // Passwords are entered on Cognito's own page only.
      authFlows: { userPassword: false },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: SIGN_IN_SCOPES.map((scope) => OAuthScope.custom(scope)),
        callbackUrls: [siteUrl + SIGN_IN_PATH],
        logoutUrls: [`${siteUrl}/`],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.hours(SIGN_IN_HOURS),
      readAttributes: new ClientAttributes().withStandardAttributes({ email: true, emailVerified: true }),
      // An empty list would mean all attributes. The e-mail address is who a worker is, so it is not among them.
      writeAttributes: new ClientAttributes().withStandardAttributes({ locale: true }),
    });
  }

  /** Scheme and host of the hosted sign-in pages. */
  get signInUrl(): string {
    return this.domain.baseUrl();
  }
}

function invitation(siteUrl: string) {
  return {
    emailSubject: 'You can now use the team inbox',
    emailBody: [
      'Hello,',
      `you can now chat with your customers in the team inbox. Open ${siteUrl} and sign in:`,
      'E-mail: {username}<br>Temporary password: {####}',
      'You will then choose a password of your own. The temporary one works for seven days.',
    ].join('<br><br>'),
  };
}
