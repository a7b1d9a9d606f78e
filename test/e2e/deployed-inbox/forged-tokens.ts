import { createSign, generateKeyPairSync } from 'node:crypto';

/** Tokens made from a worker's access token, each wrong in one way. */
export function forgedTokens(token: string, otherSubject: string): Readonly<Record<string, string>> {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const header = decoded(head);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const sign = (text: string) => createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url');
  const without = (name: string) => encoded({ ...header, [name]: undefined });
  const byOther = encoded({ ...decoded(claims), sub: otherSubject, username: otherSubject });
  return {
    'nothing but a name': 'ana@example.com',
    'the algorithm none': `${encoded({ ...header, alg: 'none' })}.${claims}.`,
    'the algorithm HS256': `${encoded({ ...header, alg: 'HS256' })}.${claims}.${signature}`,
    'the signature of another key': `${head}.${claims}.${sign(`${head}.${claims}`)}`,
    'the key of its own header': `${without('kid')}.${claims}.${sign(`${without('kid')}.${claims}`)}`,
    "a colleague's subject": `${head}.${byOther}.${signature}`,
    'a later end': `${head}.${encoded({ ...decoded(claims), exp: 4_102_444_800 })}.${signature}`,
    'no signature': `${head}.${claims}.`,
  };
}

function decoded(part: string): object {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  return typeof value === 'object' && value !== null ? value : {};
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
