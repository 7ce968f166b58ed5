import type { ClientSession, Document } from 'mongodb';
import type { Bmcsetup } from '../../domain/bmcsetup.ts';
import type { Cluster } from '../../domain/cluster.ts';
import type { Group } from '../../domain/group.ts';
import type { Network } from '../../domain/network.ts';
import type { Node } from '../../domain/node.ts';
import type { Otherdev } from '../../domain/otherdev.ts';
import type { Artefact, Osimage } from '../../domain/osimage.ts';
import type { Site } from '../../domain/site.ts';
import type { Switch } from '../../domain/switch.ts';
import { macClaims } from './claims.ts';
import type { Store } from './connect.ts';
import { finishPlan, PlanIsOpen, refuseOpenPlan } from './plans.ts';
import { inTransaction } from './transaction.ts';

/** Reads everything declared, as of one moment. A plan that somebody left half done is finished before. */
export async function loadSite(store: Store): Promise<Site> {
  for (;;) {
    try {
      return await inTransaction(store, async (session) => {
        await refuseOpenPlan(store, session);
        return siteWithin(store, session);
      });
    } catch (error) {
      if (!(error instanceof PlanIsOpen)) throw error;
      await finishPlan(store);
    }
  }
}

/** Reads everything declared, as a part of a larger transaction. */
export async function siteWithin(store: Store, session: ClientSession): Promise<Site> {
  const read = reader(store, session);
  const [cluster = null] = await read<Cluster>('clusters');
  const networks = await read<Network>('networks');
  const switches = await read<Switch>('switches');
  const otherdevs = await read<Otherdev>('otherdevs');
  const osimages = await read<Osimage>('osimages');
  const artefacts = await read<Artefact>('artefacts');
  const bmcsetups = await read<Bmcsetup>('bmcsetups');
  const groups = await read<Group>('groups');
  const nodes = await read<Node>('nodes');
  const macs = (await macClaims(store, session)).map(({ _id, owner }) => [_id.slice('mac/'.length), owner.slice('node/'.length)] as const);
  return {
    cluster,
    networks: byId(networks),
    switches: byId(switches),
    otherdevs: byId(otherdevs),
    osimages: byId(osimages),
    artefacts: byId(artefacts),
    bmcsetups: byId(bmcsetups),
    groups: byId(groups),
    nodes: byId(nodes),
    nodesByName: new Map(nodes.map((node) => [node.name, node])),
    macs: new Map(macs),
    macsOf: grouped(macs),
  };
}

/** One after the other: a session carries one operation at a time. */
function reader(store: Store, session: ClientSession) {
  return async <T>(collection: string): Promise<T[]> => {
    const documents = await store.db.collection(collection).find({}, { session }).toArray();
    return documents.sort((a, b) => byName(a, b)) as unknown[] as T[];
  };
}

function byName(a: Document, b: Document): number {
  return String(a['name']) < String(b['name']) ? -1 : 1;
}

function byId<T extends { _id: string }>(documents: readonly T[]): Map<string, T> {
  return new Map(documents.map((document) => [document._id, document]));
}

function grouped(macs: readonly (readonly [mac: string, nodeId: string])[]): Map<string, string[]> {
  const of = new Map<string, string[]>();
  for (const [mac, nodeId] of macs) of.set(nodeId, [...(of.get(nodeId) ?? []), mac]);
  return of;
}
