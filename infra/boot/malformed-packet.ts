/** A datagram that does not follow its format. Codecs throw nothing else; loops count it, log it and go on. */
export class MalformedPacket extends Error {
  override readonly name = 'MalformedPacket';
  /** Where in the datagram, in bytes from its start. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.offset = offset;
  }
}
