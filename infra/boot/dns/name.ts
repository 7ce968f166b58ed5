/**
 * A domain name as maps know it: its wire form in lower case (RFC 4343) without the last zero, one character for each
 * byte. The root is the empty text. What is cut off before a label is the name above.
 */
export type NameKey = string;

/** Bytes that a name may have on the wire, and a label (RFC 1035 §2.3.4). */
export const LONGEST = { name: 255, label: 63 } as const;

/** A name in text, always taken as absolute, in wire form; `\.` and `\065` are understood (RFC 1035 §5.1). Null when it is none. */
export function wireOf(text: string): Uint8Array | null {
  const bytes: number[] = [];
  if (text === '' || text === '.') return Uint8Array.of(0);
  for (const label of labelsOf(text)) {
    if (label.length === 0 || label.length > LONGEST.label) return null;
    bytes.push(label.length, ...label);
  }
  bytes.push(0);
  return bytes.length > LONGEST.name ? null : Uint8Array.from(bytes);
}

/** The key of a name in wire form. */
export function keyOf(wire: Uint8Array): NameKey {
  const lower = Buffer.allocUnsafe(wire.length - 1);
  // Lengths of labels lie below 'A', so they stay.
  for (let i = 0; i < lower.length; i++) {
    const byte = wire[i] ?? 0;
    lower[i] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
  }
  return lower.toString('latin1');
}

/** The wire form of a key. */
export function wireOfKey(key: NameKey): Uint8Array {
  return Buffer.from(`${key}\0`, 'latin1');
}

/** The name above; that of the root is the root. */
export function above(key: NameKey): NameKey {
  return key === '' ? '' : key.slice(1 + key.charCodeAt(0));
}

/** For people: without the final dot, bytes that are not printed as `\ddd`. */
export function textOf(key: NameKey): string {
  const labels: string[] = [];
  for (let at = 0; at < key.length; at += 1 + key.charCodeAt(at)) labels.push(shown(key.slice(at + 1, at + 1 + key.charCodeAt(at))));
  return labels.length === 0 ? '.' : labels.join('.');
}

function shown(label: string): string {
  return label.replaceAll(/[.\\]/g, '\\$&').replaceAll(/[^!-~]/g, (byte) => `\\${String(byte.charCodeAt(0)).padStart(3, '0')}`);
}

function labelsOf(text: string): number[][] {
  const labels: number[][] = [[]];
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '.') {
      if (at < text.length - 1) labels.push([]);
      continue;
    }
    const code = char === '\\' ? /^\d{3}/.exec(text.slice(at + 1))?.[0] : undefined;
    if (code !== undefined) labels.at(-1)?.push(Number(code) & 0xff);
    else labels.at(-1)?.push(...Buffer.from(char === '\\' ? text.charAt(at + 1) : char, 'utf8'));
    if (char === '\\') at += code === undefined ? 1 : 3;
  }
  return labels;
}
