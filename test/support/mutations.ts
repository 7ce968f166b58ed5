import { seeded } from './random.ts';

/** `count` damaged copies of a packet: bytes changed, cut out, repeated or cut off. The same seed gives the same copies. */
export function* mutations(packet: Uint8Array, count: number, seed: number): Generator<Uint8Array> {
  const { below } = seeded(seed);
  for (let made = 0; made < count; made += 1) {
    let bytes = Uint8Array.from(packet);
    for (let damage = 1 + below(4); damage > 0; damage -= 1) {
      const at = below(bytes.length);
      const end = at + below(bytes.length - at);
      switch (below(5)) {
        case 0:
          bytes = bytes.slice(0, at);
          break;
        case 1:
          bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(end)]);
          break;
        case 2:
          bytes = Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(at)]);
          break;
        default:
          bytes[at] = below(256);
      }
    }
    yield bytes;
  }
}
