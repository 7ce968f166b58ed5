/** `count` damaged copies of a packet: bytes changed, cut out, repeated or cut off. The same seed gives the same copies. */
export function* mutations(packet: Uint8Array, count: number, seed: number): Generator<Uint8Array> {
  const random = generator(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
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

/** mulberry32: good enough to damage packets, and the same on every run. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
