/**
 * Loaded into the operator's commands: AWS's public addresses are the ones of this machine, as for the browser.
 * Their certificate is signed by itself.
 */
import tls from 'node:tls';

const PUBLIC = /\.(cloudfront\.net|amazoncognito\.com|execute-api\.[a-z0-9-]+\.amazonaws\.com)$/;
const port = Number(process.env['E2E_INTERNET_PORT']);
const { connect } = tls;

tls.connect = (options, ...rest) => {
  const isPublic = typeof options === 'object' && PUBLIC.test(options.host ?? '');
  const here = { host: '127.0.0.1', port, rejectUnauthorized: false };
  return connect(isPublic ? { ...options, ...here } : options, ...rest);
};
