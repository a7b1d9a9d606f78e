import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { readDeploymentConfiguration } from '../../../lib/deployment-configuration';
import { SIGN_IN_PATH } from '../../../lib/inbox/sign-in';
import { headerPolicy } from '../../../lib/inbox/site-headers';
import { resources, synthesiseInbox, WITH_INBOX } from '../synthesis';

const template = synthesiseInbox();
const only = (type: string, of = template) => {
  const [found, ...others] = resources(of, type);
  if (found === undefined || others.length > 0) throw new Error(`There is not exactly one ${type}`);
  return found;
};
const distribution = Object(only('AWS::CloudFront::Distribution').properties['DistributionConfig']);

describe('the bucket', () => {
  const bucket = only('AWS::S3::Bucket');

  test('is private and encrypted', () => {
    expect(bucket.properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
  });

  test('is read by this distribution only, and by no one over plain HTTP', () => {
    const { Statement } = Object(only('AWS::S3::BucketPolicy').properties['PolicyDocument']);

    expect(Statement).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 's3:GetObject',
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      }),
    ]);
    expect(JSON.stringify(Statement[1].Condition)).toContain(only('AWS::CloudFront::Distribution').id);
  });
});

describe('the distribution', () => {
  test('speaks HTTP/2 and HTTP/3, compresses, and sends plain HTTP to HTTPS', () => {
    expect(distribution).toMatchObject({
      HttpVersion: 'http2and3',
      DefaultRootObject: 'index.html',
      DefaultCacheBehavior: { Compress: true, ViewerProtocolPolicy: 'redirect-to-https' },
    });
  });

  test('signs its requests to the bucket', () => {
    const control = only('AWS::CloudFront::OriginAccessControl');

    expect(control.properties['OriginAccessControlConfig']).toMatchObject({
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    });
    expect(JSON.stringify(distribution.Origins)).toContain(control.id);
  });

  test('answers a missing file with 404, and shows no page of the app for it', () => {
    expect(distribution.CustomErrorResponses).toEqual([
      { ErrorCode: 403, ResponseCode: 404, ResponsePagePath: '/404.html', ErrorCachingMinTTL: 10 },
    ]);
  });

  test('adds the headers that protect the page to every response', () => {
    const policy = only('AWS::CloudFront::ResponseHeadersPolicy');

    expect(Object(policy.properties['ResponseHeadersPolicyConfig']).SecurityHeadersConfig).toEqual({
      ContentSecurityPolicy: { ContentSecurityPolicy: headerPolicy(null), Override: true },
      StrictTransportSecurity: {
        AccessControlMaxAgeSec: 31_536_000,
        IncludeSubdomains: false,
        Override: true,
      },
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
    });
    expect(distribution.DefaultCacheBehavior.ResponseHeadersPolicyId).toEqual({ Ref: policy.id });
  });
});

describe("CloudFront's function", () => {
  const { properties } = only('AWS::CloudFront::Function');

  /** The path that CloudFront asks the bucket for. */
  const askedFor = (uri: string): unknown =>
    runInNewContext(`${properties['FunctionCode']}; handler({ request: { uri: uri, method: 'GET' } }).uri`, {
      uri,
    });

  test.each([
    '/',
    '/chats',
    '/chats/',
    '/chats/CH1',
    '/chats/CH1/a.b',
    '/customers/7',
    '/settings',
    SIGN_IN_PATH,
  ])('gives %s the page', (uri) => {
    expect(askedFor(uri)).toBe('/index.html');
  });

  test.each([
    '/index.html',
    '/assets/index-a1b2.js',
    '/assets/missing.js',
    '/icon.svg',
    '/releases.json',
    '/chat',
    '/chats1',
    '/x/chats',
    '//chats',
    '/CHATS',
  ])('leaves %s as it is', (uri) => {
    expect(askedFor(uri)).toBe(uri);
  });

  test('has the runtime of today and is small', () => {
    expect(properties['FunctionConfig']).toMatchObject({ Runtime: 'cloudfront-js-2.0' });
    expect(String(properties['FunctionCode']).length).toBeLessThan(10_240);
    expect(distribution.DefaultCacheBehavior.FunctionAssociations).toMatchObject([
      { EventType: 'viewer-request' },
    ]);
  });
});

describe('an address of its own', () => {
  const INBOX_URL = 'https://inbox.example.com';
  const INBOX_CERTIFICATE_ARN = 'arn:aws:acm:us-east-1:111122223333:certificate/0a1b-2c3d';
  const own = synthesiseInbox({ ...WITH_INBOX, INBOX_URL: `${INBOX_URL}/`, INBOX_CERTIFICATE_ARN });
  const [pool] = resources(own, 'AWS::Cognito::UserPoolClient');
  const api = resources(own, 'AWS::ApiGatewayV2::Api').find(
    ({ properties }) => properties['ProtocolType'] === 'HTTP',
  );

  test('is served by CloudFront with its certificate, by TLS 1.2 and later', () => {
    expect(Object(only('AWS::CloudFront::Distribution', own).properties['DistributionConfig'])).toMatchObject(
      {
        Aliases: ['inbox.example.com'],
        ViewerCertificate: {
          AcmCertificateArn: INBOX_CERTIFICATE_ARN,
          MinimumProtocolVersion: 'TLSv1.2_2021',
          SslSupportMethod: 'sni-only',
        },
      },
    );
  });

  test('is where sign-in returns to, and whose pages may call the API', () => {
    expect(own.Outputs['InboxUrl']).toMatchObject({ Value: INBOX_URL });
    expect(pool?.properties).toMatchObject({
      CallbackURLs: [`${INBOX_URL}/sign-in`],
      LogoutURLs: [`${INBOX_URL}/`],
    });
    expect(api?.properties['CorsConfiguration']).toMatchObject({ AllowOrigins: [INBOX_URL] });
  });

  test('needs to be named beside its certificate', () => {
    expect(() => readDeploymentConfiguration({ ...WITH_INBOX, INBOX_CERTIFICATE_ARN })).toThrow(
      'INBOX_URL is missing',
    );
  });
});
