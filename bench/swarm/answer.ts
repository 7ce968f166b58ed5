/**
 * Whom a tracker's answer tells a machine to load each stripe from, as addresses; null when it knows nothing of stripes.
 * The first of its peers (BEP 23, six bytes each) are those, one a stripe.
 */
export function parentsIn(answer: Uint8Array): string[] | null {
  const text = Buffer.from(answer).toString('latin1');
  const stripes = Number(/12:luna stripesi(\d+)e/.exec(text)?.[1]);
  const peers = /5:peers(\d+):/.exec(text);
  if (!Number.isInteger(stripes) || peers === null) return null;
  const bytes = Buffer.from(text, 'latin1').subarray(peers.index + peers[0].length, peers.index + peers[0].length + Number(peers[1]));
  return Array.from({ length: stripes }, (_, i) => [...bytes.subarray(6 * i, 6 * i + 4)].join('.'));
}

/** Machines (by address) that pass a stripe on: to `server`'s own children, the roots, and to those further down. */
export function positions(parents: Readonly<Record<string, readonly string[]>>, server: string): { roots: string[]; inner: string[] } {
  const roots: string[] = [];
  const inner: string[] = [];
  for (const [ip, own] of Object.entries(parents)) {
    const feeds = own.map((_, stripe) => Object.values(parents).some((other) => other[stripe] === ip));
    const fed = feeds.flatMap((does, stripe) => (does ? own[stripe] ?? [] : []));
    if (fed.includes(server)) roots.push(ip);
    else if (fed.length > 0) inner.push(ip);
  }
  return { roots, inner };
}
