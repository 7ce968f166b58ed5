import { diffOf } from '../../domain/change-diff.ts';
import { type ObjectKind, REMOVED } from '../../domain/change.ts';
import { claimsOf, type HeldClaim } from '../../domain/site-claims.ts';
import type { Site } from '../../domain/site.ts';
import type { Tx } from './change-objects.ts';
import { deleteClaims } from './claims.ts';
import { noteChange, noteMac } from './objects.ts';
import { take } from './take.ts';

interface Stored { _id: string; name: string; rev: number }

const MAC = 'mac/';

/** Makes one version of the site another: objects, and what they hold. What is the same value in both is not looked at. */
export async function become(tx: Tx, before: Site, after: Site): Promise<void> {
  const [held, wanted] = [claimsById(before), claimsById(after)];
  const gone = [...held.values()].filter(({ id, owner }) => wanted.get(id)?.owner !== owner);
  const taken = [...wanted.values()].filter(({ id, owner }) => held.get(id)?.owner !== owner);
  await deleteClaims(tx, gone.map(({ id, owner }) => ({ _id: id, owner })));
  await take(tx, taken);
  for (const [kind, from, to] of pairs(before, after)) replaceAll(tx, kind, from, to);
  noteMacs(tx, gone, taken);
}

function replaceAll(tx: Tx, kind: ObjectKind, from: ReadonlyMap<string, Stored>, to: ReadonlyMap<string, Stored>): void {
  for (const [id, object] of to) {
    const old = from.get(id);
    if (old === object) continue;
    tx.objects.put(kind, object, old !== undefined);
    noteChange(tx, kind, object, diffOf(old ?? null, object));
  }
  for (const [id, object] of from) {
    if (to.has(id)) continue;
    tx.objects.remove(kind, id);
    noteChange(tx, kind, { ...object, rev: REMOVED }, diffOf(object, null));
  }
}

function pairs(before: Site, after: Site): [ObjectKind, ReadonlyMap<string, Stored>, ReadonlyMap<string, Stored>][] {
  const cluster = ({ cluster: one }: Site): Map<string, Stored> => new Map(one ? [[one._id, one]] : []);
  return [
    ['cluster', cluster(before), cluster(after)], ['network', before.networks, after.networks], ['osimage', before.osimages, after.osimages],
    ['bmcsetup', before.bmcsetups, after.bmcsetups], ['switch', before.switches, after.switches], ['otherdev', before.otherdevs, after.otherdevs],
    ['group', before.groups, after.groups],
    ['node', before.nodes, after.nodes],
  ];
}

function claimsById(site: Site): Map<string, HeldClaim> {
  return new Map([...claimsOf(site)].map((claim) => [claim.id, claim]));
}

function noteMacs(tx: Tx, gone: readonly HeldClaim[], taken: readonly HeldClaim[]): void {
  const nodeOf = ({ owner }: HeldClaim): string => owner.slice(owner.indexOf('/') + 1);
  const left = new Map(gone.filter(({ id }) => id.startsWith(MAC)).map((claim) => [claim.id, claim]));
  for (const claim of taken) {
    if (!claim.id.startsWith(MAC)) continue;
    const old = left.get(claim.id);
    left.delete(claim.id);
    noteMac(tx, claim.id.slice(MAC.length), claim.name, old ? nodeOf(old) : null, nodeOf(claim));
  }
  for (const claim of left.values()) noteMac(tx, claim.id.slice(MAC.length), claim.name, nodeOf(claim), null);
}
