import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { parseIpv4 } from '../../domain/ip.ts';
import { parseIpv6 } from '../../domain/ipv6.ts';
import { bitString, type Der, integer, nothing, octetString, oid, sequence, setOf, tagged, time, utf8String, yes } from './der.ts';

/** A private key and its certificate, in PEM. */
export interface KeyPair { key: string; cert: string }

const YEARS = 10;
const DAY_MS = 86_400_000;
/** How a certificate names the way it is signed (RFC 5758 §3.2, RFC 4055 §5), and what its key may be used for. */
const KINDS = {
  'p-256': { algorithm: sequence(oid('1.2.840.10045.4.3.2')), usage: bitString(Buffer.of(0x80), 7) },
  // Without key encipherment, clients that agree on a key by RSA may not use it.
  'rsa': { algorithm: sequence(oid('1.2.840.113549.1.1.11'), nothing), usage: bitString(Buffer.of(0xa0), 5) },
};
/** Kinds of keys: P-256 is small and fast, RSA is what old clients know. */
export type KeyKind = keyof typeof KINDS;
const [COMMON_NAME, KEY_USAGE, SUBJECT_ALT_NAME, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, SERVER_AUTH] =
  ['2.5.4.3', '2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.37', '1.3.6.1.5.5.7.3.1'] as const;

/**
 * A new key with a certificate that it has signed itself (RFC 5280), for a server with these names and addresses.
 * It is known by its fingerprint, so it lasts ten years from `now`; it begins a day earlier, for clocks that are behind.
 */
export function selfSigned(names: readonly string[], now: Date, kind: KeyKind = 'p-256'): KeyPair {
  const { privateKey, publicKey } = kind === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { algorithm, usage } = KINDS[kind];
  const subject = sequence(setOf(sequence(oid(COMMON_NAME), utf8String('luna'))));
  const until = new Date(now);
  until.setUTCFullYear(now.getUTCFullYear() + YEARS);
  const content = sequence(
    tagged(0xa0, integer(Buffer.of(2))), // version 3
    integer(randomBytes(16)),
    algorithm,
    subject,
    sequence(time(new Date(now.getTime() - DAY_MS)), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(
      extension(BASIC_CONSTRAINTS, sequence(), true),
      extension(KEY_USAGE, usage, true),
      extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH))),
      extension(SUBJECT_ALT_NAME, sequence(...names.map(generalName))),
    )),
  );
  const certificate = sequence(content, algorithm, bitString(sign('sha256', content, privateKey)));
  return { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert: pem(certificate) };
}

function extension(id: string, value: Der, critical = false): Der {
  return sequence(oid(id), ...(critical ? [yes] : []), octetString(value));
}

/** A name or an address (RFC 5280 §4.2.1.6). */
function generalName(name: string): Der {
  switch (isIP(name)) {
    case 4: return tagged(0x87, hex(BigInt(parseIpv4(name)), 8));
    case 6: return tagged(0x87, hex(parseIpv6(name), 32));
    default: return tagged(0x82, Buffer.from(name, 'latin1'));
  }
}

const hex = (value: bigint, digits: number): Buffer => Buffer.from(value.toString(16).padStart(digits, '0'), 'hex');

function pem(der: Der): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
