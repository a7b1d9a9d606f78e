import { describe, expect, test } from '@jest/globals';
import { readOrgUrl } from '../../../cli/okta/okta-config';

describe("an organisation's address", () => {
  test.each([
    ['https://acme.okta.com', 'https://acme.okta.com'],
    ['https://acme.okta.com/', 'https://acme.okta.com'],
    ['https://ACME.okta.com/app/UserHome?x=1#y', 'https://acme.okta.com'],
    ['acme.okta.com', 'https://acme.okta.com'],
    ['https://dev-123456.okta.com', 'https://dev-123456.okta.com'],
    ['https://acme.oktapreview.com', 'https://acme.oktapreview.com'],
    ['https://acme.okta-emea.com', 'https://acme.okta-emea.com'],
    ['https://acme.okta-gov.com', 'https://acme.okta-gov.com'],
    ['http://127.0.0.1:5004', 'http://127.0.0.1:5004'],
    ['http://localhost:5004/', 'http://localhost:5004'],
  ])('%s is used as %s', (text, url) => {
    expect(readOrgUrl(text)).toEqual({ url, remark: null, isCustomDomain: false });
  });

  test.each([
    ['https://acme-admin.okta.com/admin/apps/active', 'https://acme.okta.com'],
    ['https://dev-1-admin.oktapreview.com', 'https://dev-1.oktapreview.com'],
  ])('%s of the admin pages becomes %s, with a remark', (text, url) => {
    expect(readOrgUrl(text)).toEqual({
      url,
      remark: expect.stringContaining(`the organisation's own, ${new URL(url).host}`),
      isCustomDomain: false,
    });
  });

  test.each(['https://okta.acme.com', 'https://login.acme.com:8443', 'https://acmeokta.com'])(
    '%s may be a custom domain, which only the user can confirm',
    (text) => {
      expect(readOrgUrl(text)).toEqual({ url: text, remark: null, isCustomDomain: true });
    },
  );

  test.each([
    ['http://acme.okta.com', 'it must begin with https://'],
    ['http://127.0.0.1.evil.example', 'it must begin with https://'],
    ['ftp://acme.okta.com', 'it must begin with https://'],
    ['xhttps://acme.okta.com', 'it must begin with https://'],
    ['evil https://acme.okta.com', 'such as https://'],
    ['https://acme.okta.com.evil.example', 'looks like Okta'],
    ['https://okta.com.evil.example', 'looks like Okta'],
    ['https://acme.okta.com@evil.example', 'its host is evil.example'],
    ['https://me:secret@acme.okta.com', 'its host is acme.okta.com'],
    ['https://okta.com', 'looks like Okta'],
    ['https://www.okta.com', "is not an organisation's URL"],
    ['https://developer.okta.com/docs', "is not an organisation's URL"],
    ['https://a.b.okta.com', "is not an organisation's URL"],
    ['https://acme.okta.com:8443', "is not an organisation's URL"],
    ['acme', 'not a host on the internet'],
    ['https://', 'such as https://'],
    ['', 'such as https://'],
  ])('%s is rejected: %s', (text, problem) => {
    expect(readOrgUrl(text)).toContain(problem);
  });

  test('with a password in it is rejected without showing it', () => {
    expect(readOrgUrl('https://me:hunter2@acme.okta.com')).toMatch(/^(?!.*hunter2)/);
  });
});
