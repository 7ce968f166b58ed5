/**
 * A name as DNS writes it: labels with their lengths, and an empty one at the end, without compression (RFC 1035 §3.1; RFC
 * 3397 §2 and RFC 8415 §10 have it so too). A label is cut at its 63 bytes.
 */
export function encodeName(name: string): Uint8Array {
  const labels = name.split('.').filter((label) => label !== '').map((label) => new TextEncoder().encode(label).subarray(0, 63));
  return Uint8Array.from([...labels.flatMap((label) => [label.length, ...label]), 0]);
}
