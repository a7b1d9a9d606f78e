/** The page of the app to which the sign-in returns. */
export const SIGN_IN_PATH = '/sign-in';

/** What the app asks the provider for: who signed in, and the e-mail address. */
export const SIGN_IN_SCOPES = ['openid', 'email'] as const;

/** How long a sign-in lasts at the provider. */
export const SIGN_IN_HOURS = 12;
