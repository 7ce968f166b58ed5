import Server, { type AnnounceParams, type AnnounceResponse, type Callback, type Peer, type Swarm } from 'bittorrent-tracker/server';
import type { Log } from '../../log.ts';
import type { Neighbours, Shaper } from './shaper.ts';
import type { Announced } from './swarm-book.ts';
import { tellInterval } from './tell-interval.ts';
import type { TrackerSource } from './tracker.ts';

/** A client that knows nothing of the shape is told this many machines: more would only compete for the same links. */
const FOREIGN_PEERS = 6;

/** Where a peer that is not there would be: the first entries of an answer stand for stripes, so none can be left out. */
const NOBODY = { ip: '0.0.0.0', port: 1 };

/**
 * A swarm whose members are told whom to load from, in the order to use them (`shaper.ts`). A client that says `striped=1`
 * gets the parents of each stripe first, then spares; any other gets a few machines, as from any tracker (BEP 3, BEP 23).
 */
export function siteSwarm(infoHash: string, server: Server, source: TrackerSource, shaper: Shaper, log: Log): Swarm {
  const known = new Map<string, { ip: string; port: number }>();
  let seeder: { ip: string; port: number } | null = null;

  class SiteSwarm extends Server.Swarm {
    override announce(params: AnnounceParams, callback: Callback<AnnounceResponse>): void {
      const settings = source.settings();
      const numwant = Math.max(0, Math.min(params.numwant, settings.tracker_maxpeers));
      super.announce({ ...params, numwant }, (error, response) => {
        if (error !== null || response === undefined) return callback(error, response);
        const answer = { ...response, 'min interval': settings.tracker_min_interval };
        const { ip, port } = params;
        if (!source.isOwn(ip)) source.audience?.heard(infoHash, announcedBy(params));
        if (params.striped !== '1') {
          if (params.left === 0 && source.isOwn(ip)) seeder = { ip, port };
          return callback(null, answer);
        }
        if (params.event === 'stopped') {
          shaper.remove(ip, 'left');
          return callback(null, { ...answer, peers: [] });
        }
        known.set(ip, { ip, port });
        place(ip, params).then(
          (neighbours) => { callback(null, { ...answer, ...shape(neighbours), ...whether(params.who) }); },
          (reason: unknown) => {
            log.error('swarm.not_shaped', { ip, reason: String(reason) });
            callback(null, answer);
          },
        );
      });
    }

    override _getPeers(numwant: number, ownPeerId: string, isWebRTC: boolean): Peer[] {
      const own = source.isOwn(seeder?.ip ?? '') ? seeder : null;
      const others = super._getPeers(numwant + 2, ownPeerId, isWebRTC).filter((peer) => peer.peerId !== ownPeerId);
      const machines = others.filter((peer) => peer.ip !== own?.ip || peer.port !== own.port).slice(0, Math.min(numwant, FOREIGN_PEERS));
      return machines.length > 0 && shaper.graph().members.size > 0 ? machines : others.slice(0, numwant);
    }
  }

  /** What a machine says changes the shape; when it has the parents it should have, it is answered as soon as they change. */
  async function place(ip: string, params: AnnounceParams): Promise<Neighbours> {
    const { lost, late, bad } = params;
    const uplink = Number(params.uplink);
    const told = { id: ip, switch: source.switchOf(ip), lost: texts(lost), late: texts(late), bad: texts(bad), uplink: uplink > 0 ? uplink : null, left: params.left };
    const neighbours = await shaper.announce(told);
    const holds = neighbours.parents.map((id) => addressOf(id).ip).join(',') === params.parents && params.event !== 'completed';
    return holds ? shaper.changed(ip, neighbours.parents, tellMs()) : neighbours;
  }

  const addressOf = (id: string | null): { ip: string; port: number } => (id === null ? seeder : known.get(id)) ?? NOBODY;

  const tellMs = (): number => tellInterval(shaper.graph().members.size);

  function shape({ parents, spares, children }: Neighbours): Omit<AnnounceResponse, 'interval' | 'complete' | 'incomplete'> {
    // Who was taken out while it waited has no parents: told of no stripes it would take us for a tracker that knows nothing of them.
    const feeders = parents.length > 0 ? parents.map(addressOf) : Array.from({ length: shaper.graph().stripes }, () => NOBODY);
    const peers = [...feeders, ...spares.flatMap((id) => known.get(id) ?? [])];
    return { peers, 'luna stripes': feeders.length, 'luna interval': tellMs(), 'luna held': 1, 'luna seeder': seeder?.ip ?? '', 'luna children': children.join(',') };
  }

  /** Whether an address that asks a machine for the image is of one that loads it too. */
  function whether(who: unknown): Pick<AnnounceResponse, 'luna who'> {
    if (typeof who !== 'string') return {};
    return { 'luna who': source.isOwn(who) || source.isAdmitted(who, infoHash) ? 1 : 0 };
  }

  return new SiteSwarm(infoHash, server);
}

/** Numbers that a client does not give, or gives wrong, are 0; who doesn't say what it misses misses nothing that can be counted. */
function announcedBy({ ip, event = '', left, uploaded, downloaded, striped }: AnnounceParams): Announced {
  const count = (value: unknown): number => Math.max(0, Math.min(Number(value) || 0, Number.MAX_SAFE_INTEGER));
  return { ip, event, left: Number.isFinite(left) ? count(left) : 0, uploaded: count(uploaded), downloaded: count(downloaded), shaped: striped === '1' };
}

/** A parameter that may be there several times; machines are named by address. */
function texts(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one): one is string => typeof one === 'string').slice(0, 16);
}
