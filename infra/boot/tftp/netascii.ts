const [newline, carriageReturn] = [10, 13];

/**
 * A file as netascii has it (RFC 1350 §1, RFC 764): a line ends with CR LF, and a CR of its own is CR NUL. A client that
 * turns it back has every byte of the file again, so even a binary arrives whole.
 */
export function netascii(content: Uint8Array): Uint8Array {
  let extra = 0;
  for (const byte of content) if (byte === newline || byte === carriageReturn) extra += 1;
  const text = new Uint8Array(content.length + extra);
  let at = 0;
  for (const byte of content) {
    if (byte === newline) text[at++] = carriageReturn;
    text[at++] = byte;
    if (byte === carriageReturn) text[at++] = 0;
  }
  return text;
}
