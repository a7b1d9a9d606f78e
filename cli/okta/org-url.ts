/** An Okta organisation's URL, normalised. */
export interface OrgUrl {
  /** Scheme and host. */
  readonly url: string;
  /** The correction, to show to the user; null if there was none. */
  readonly remark: string | null;
  /** Whether it is outside Okta's own domains, so that only the user can confirm that it is their Okta. */
  readonly isCustomDomain: boolean;
}

const OKTA = /\.(okta|oktapreview|okta-emea|okta-gov)\.com$/;
const LOOKS_LIKE_OKTA = /(^|\.)(okta|oktapreview|okta-emea|okta-gov)\.com(\.|$)/;
const THIS_MACHINE = /^(localhost|127\.0\.0\.1)$/;
/** Okta's own sites under its domain. */
const NO_ORGANISATION = /^(www|login|developer|help|support|status)\./;

/**
 * Parses an organisation's URL as copied from a browser. Rejects any URL that could belong to another host, because the
 * token is sent there.
 * @returns why it is malformed, if it is.
 */
export function readOrgUrl(text: string): OrgUrl | string {
  const withScheme = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const address = URL.canParse(withScheme) ? new URL(withScheme) : null;
  if (address === null || /\s/.test(text)) return 'it must be a URL such as https://acme.okta.com';
  const { protocol, hostname, port, username, password } = address;
  if (username !== '' || password !== '') {
    return `its host is ${hostname}; remove the part before the @`;
  }
  if (protocol === 'http:' && THIS_MACHINE.test(hostname)) {
    return { url: address.origin, remark: null, isCustomDomain: false };
  }
  if (protocol !== 'https:') return `it must begin with https://, not ${protocol}//`;
  if (!hostname.includes('.')) return `${hostname} is not a host on the internet`;
  if (!OKTA.test(hostname)) {
    if (LOOKS_LIKE_OKTA.test(hostname)) {
      return `${hostname} looks like Okta, but is not an Okta organisation`;
    }
    return { url: address.origin, remark: null, isCustomDomain: true };
  }
  if (port !== '' || hostname.split('.').length !== 3 || NO_ORGANISATION.test(hostname)) {
    return `${address.host} is not an organisation's URL, such as https://acme.okta.com`;
  }
  const organisation = hostname.replace(/^([^.]+)-admin\./, '$1.');
  const remark =
    organisation === hostname
      ? null
      : `${hostname} is the host of the admin pages; using the organisation's own, ${organisation}`;
  return { url: `https://${organisation}`, remark, isCustomDomain: false };
}
