/**
 * Replaces `@aws-sdk/credential-provider-node` in the bundles of the functions (an alias, see
 * `lib/service-function.ts`). The SDK's own provider chain also looks for profiles, single sign-on, container endpoints
 * and web identities: a third of the client's load time, for sources that a function never has. Lambda puts a
 * function's credentials into its environment and replaces the container before they expire.
 */

interface EnvironmentCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The SDK's clients call this by name when they are constructed without credentials. */
export function defaultProvider(): () => Promise<EnvironmentCredentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are missing in the environment');
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    };
  };
}
