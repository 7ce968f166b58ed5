import { LunaError } from './errors.ts';

/** An Ethernet address in the one spelling luna stores and compares: six lower-case hex pairs joined by colons. */
export type Mac = string;

/** Thrown when a text or a byte string is no Ethernet address; the message quotes it. */
export class InvalidMac extends LunaError {
  override readonly name = 'InvalidMac';

  constructor(message: string) {
    super('invalid', message);
  }
}

/**
 * Reads `52:54:00:AB:cd:01`, `52-54-00-…`, `5254.00ab.cd01` or `525400abcd01`.
 * Throws InvalidMac for anything else, for the all-zero address and for group (multicast) addresses.
 */
export function parseMac(text: string): Mac {
  const trimmed = text.trim().toLowerCase();
  const spelt = /^([0-9a-f]{2}([:-])(?:[0-9a-f]{2}\2){4}[0-9a-f]{2}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}|[0-9a-f]{12})$/.test(trimmed);
  if (!spelt) throw new InvalidMac(`'${text}' is no MAC address (expected six hex pairs such as 52:54:00:ab:cd:01)`);
  const digits = trimmed.replace(/[^0-9a-f]/g, '');
  const mac = (digits.match(/../g) ?? []).join(':');
  if (!isHostMac(mac)) throw new InvalidMac(`'${text}' is not the MAC address of one machine`);
  return mac;
}

/** Whether `text` is an Ethernet address of one machine in any spelling `parseMac` reads. */
export function isMac(text: string): boolean {
  try {
    parseMac(text);
    return true;
  } catch {
    return false;
  }
}

/** The spelling of six address bytes; throws InvalidMac when there are not six. Does not refuse group addresses. */
export function formatMac(bytes: Uint8Array): Mac {
  if (bytes.length !== 6) throw new InvalidMac(`a MAC address has 6 bytes, not ${bytes.length}`);
  let text = hexPairs[bytes[0] ?? 0] ?? '';
  for (let at = 1; at < 6; at += 1) text += `:${hexPairs[bytes[at] ?? 0] ?? ''}`;
  return text;
}

/** Made once: every packet of a boot storm names a card. */
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The six bytes of a MAC as `parseMac` returns it. */
export function macBytes(mac: Mac): Uint8Array {
  return Uint8Array.from(mac.split(':'), (pair) => Number.parseInt(pair, 16));
}

function isHostMac(mac: Mac): boolean {
  const [first = 0] = macBytes(mac);
  return mac !== '00:00:00:00:00:00' && (first & 1) === 0;
}
