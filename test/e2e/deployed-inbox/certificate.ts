import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
}

/** Writes key and certificate to the folder in argv. */
const MAKE = `
import datetime, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test:e2e")])
now = datetime.datetime.now(datetime.timezone.utc)
cert = (
    x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    .serial_number(x509.random_serial_number())
    .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=2))
    .sign(key, hashes.SHA256())
)
pem = serialization.Encoding.PEM
with open(sys.argv[1] + "/key.pem", "wb") as out:
    out.write(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
with open(sys.argv[1] + "/cert.pem", "wb") as out:
    out.write(cert.public_bytes(pem))
`;

/** A certificate signed by itself, which only a browser that checks none accepts. Node cannot make one. */
export async function selfSigned(python: string, folder: string, signal: AbortSignal): Promise<Certificate> {
  await run(python, ['-c', MAKE, folder], { signal });
  return { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) };
}
