import { CfnDeletionPolicy } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { CREDENTIALS_SECRET_VARIABLE } from '../lambdas/config';
import { acknowledge } from './acknowledge';

/**
 * The credentials of Twilio and Airtable, created empty. A person fills it once. No deployment reads or writes it, so
 * no template, state file or CI log ever holds a credential.
 */
export class CredentialsSecret extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The L2 `Secret` fills itself with a generated password; only the L1 resource can stay empty.
    const secret = new CfnSecret(this, 'Secret', {
      description:
        'Frontline-Airtable: a JSON object with ACCOUNT_SID, AUTH_TOKEN, AIRTABLE_API_KEY (AUTH_TOKEN_SECONDARY)',
    });
    // The secret is deleted with the stack: it only copies what Twilio and Airtable issue, and unused credentials that
    // are still valid are a risk. A replacement, though, is always a mistake, which the filled secret must survive.
    secret.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    secret.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    acknowledge(secret, {
      SMG4: 'It holds copies of what Twilio and Airtable issue. Neither lets a token be replaced by itself: Airtable has no API for it, and promoting a token at Twilio ends the old one for everything else that uses it. A person rotates them, without a deployment (docs/manual-setup.md).',
    });
    // On AWS its Ref is the same; MiniStack returns a name for Ref, which IAM policies do not accept.
    this.arn = secret.attrId;
  }

  /** Lets a function read this secret and nothing else, and sets the variable with the secret's ARN. */
  grantRead(reader: LambdaFunction): void {
    reader.addToRolePolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] }),
    );
    reader.addEnvironment(CREDENTIALS_SECRET_VARIABLE, this.arn);
  }
}
