import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket, CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { InboxDeployment } from '../deployment-configuration';
import { NOT_FOUND_FILE, PAGE_FILE, PAGE_PATH } from './page-paths';
import { headerPolicy } from './site-headers';

/** Gives every address of the app its one page. A CloudFront Function; its JavaScript is an old one. */
const PAGE_FUNCTION = `function handler(event) {
  var request = event.request;
  if (${PAGE_PATH}.test(request.uri)) request.uri = '/${PAGE_FILE}';
  return request;
}
`;

/** Why some of AWS's rules do not fit the distribution. */
const ACKNOWLEDGED = {
  CFR1: 'Workers travel, and who may use the inbox is decided by their sign-in, not by the country that a request seems to come from. The site itself holds nothing but the app, a build of this public repository.',
  CFR2: 'A firewall would cost more than everything else together. The site is a handful of files without any input; what takes input is the API, where API Gateway checks the token of each request and throttles, and the function limits each worker.',
  CFR3: 'The log would say who loaded the same few files, which is personal data without a use, and keep it in a bucket of its own. Requests that read or change something go to the API, which writes an access log.',
  CFR4: 'Without a certificate of an own domain CloudFront does not let a distribution choose its protocols. With INBOX_CERTIFICATE_ARN it accepts TLS 1.2 and later only, and the browsers that the app supports use nothing older in any case.',
};

/**
 * The worker's app: files in a private bucket, which only this distribution reads. Nothing is uploaded here:
 * `npx frontline setup --inbox` does it after the deployment, because the page names the addresses that it creates.
 */
export class Site extends Construct {
  readonly bucket: IBucket;
  readonly distribution: Distribution;
  /** Scheme and host of the app's address, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { siteUrl, certificateArn, mediaUrl }: InboxDeployment) {
    super(scope, id);
    this.bucket = this.createBucket();
    const headers = this.headers(mediaUrl);
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `${Stack.of(this).stackName}: the workers' inbox`,
      defaultRootObject: PAGE_FILE,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      ...(certificateArn !== null &&
        siteUrl !== null && {
          domainNames: [new URL(siteUrl).hostname],
          certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
          minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
        }),
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        // It keeps a file as long as the file's cache-control says: no page, and each asset for a year.
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers,
        compress: true,
        functionAssociations: [
          {
            eventType: FunctionEventType.VIEWER_REQUEST,
            function: new EdgeFunction(this, 'Pages', {
              comment: 'Gives every address of the app its one page',
              runtime: FunctionRuntime.JS_2_0,
              code: FunctionCode.fromInline(PAGE_FUNCTION),
            }),
          },
        ],
      },
      // S3 returns 403 for a missing file, because CloudFront may not list the bucket.
      errorResponses: [
        {
          httpStatus: 403,
          responseHttpStatus: 404,
          responsePagePath: `/${NOT_FOUND_FILE}`,
          ttl: Duration.seconds(10),
        },
      ],
    });
    acknowledge(this.distribution, ACKNOWLEDGED);
    this.url = siteUrl ?? `https://${this.distribution.distributionDomainName}`;
  }

  private createBucket(): IBucket {
    // The L1 resource, because the types of the L2 `Bucket` do not fit CDK's own `IBucket` under
    // `exactOptionalPropertyTypes`.
    const bucket = new CfnBucket(this, 'Bucket', {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
      },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    });
    // It holds what this repository builds. Teardown empties it first, which needs no custom resource.
    bucket.applyRemovalPolicy(RemovalPolicy.DESTROY);
    acknowledge(bucket, {
      S1: 'Only the distribution reads it, and only setup writes to it, with the credentials of the person who deploys, whose requests CloudTrail can record. Its files are the same for everyone: a build of this public repository and the addresses of the API.',
    });
    const withPolicy = Bucket.fromCfnBucket(bucket);
    withPolicy.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:*'],
        resources: [bucket.attrArn, `${bucket.attrArn}/*`],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
    return withPolicy;
  }

  private headers(mediaUrl: string | null): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: headerPolicy(mediaUrl), override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(365),
          includeSubdomains: false,
          override: true,
        },
        contentTypeOptions: { override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      },
    });
  }
}
