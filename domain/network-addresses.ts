import { addressAt, lastOffset } from './addresses.ts';
import { rangeKeptFree, reservedOffsets } from './ip-pool.ts';
import type { Network } from './network.ts';
import { addressesOf } from './site-claims.ts';
import type { Site } from './site.ts';
import type { NetworkAddressesView } from './views.ts';

/** Who has which address of a network, lowest first, and which addresses are free (luna-1 §1.4 `--reservedips`). */
export function networkAddresses(site: Site, network: Network): NetworkAddressesView {
  const prefix = `ip/${network._id}/`;
  const words = new Map(network.reserved.map(({ offset, name }) => [BigInt(offset), name]));
  const reserved = reservedOffsets(network, site.cluster);
  const held = [...addressesOf(site)].filter(({ id }) => id.startsWith(prefix)).map(({ id, kind, name }) => {
    const offset = BigInt(id.slice(prefix.length));
    const why = kind === 'network' || kind === 'cluster' ? reserved.get(offset) ?? null : null;
    return { offset, kind, name, why: why === 'reserved' ? words.get(offset) ?? why : why };
  }).sort((a, b) => a.offset < b.offset ? -1 : 1);
  const range = rangeKeptFree(network, site.cluster);
  const kept = range ? [{ start: BigInt(range.start), end: BigInt(range.end) }] : [];
  const address = (offset: bigint): string => addressAt(network, offset);
  return {
    members: held.map(({ offset, kind, name, why }) => ({ ip: address(offset), kind, name, why })),
    dynamic: kept.map(({ start, end }) => ({ start: address(start), end: address(end) }))[0] ?? null,
    free: gaps([...held.map(({ offset }) => ({ start: offset, end: offset })), ...kept], lastOffset(network)).map(({ start, end }) => ({ start: address(start), end: address(end) })),
  };
}

/** What is left of 1–`last` between some ranges. */
function gaps(taken: readonly { start: bigint; end: bigint }[], last: bigint): { start: bigint; end: bigint }[] {
  const free: { start: bigint; end: bigint }[] = [];
  let next = 1n;
  for (const { start, end } of [...taken].sort((a, b) => a.start < b.start ? -1 : 1)) {
    if (start > next) free.push({ start: next, end: start - 1n });
    if (end >= next) next = end + 1n;
  }
  if (next <= last) free.push({ start: next, end: last });
  return free;
}
