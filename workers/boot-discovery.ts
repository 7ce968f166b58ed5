import { matchPort, type Seen } from '../domain/discovery.ts';
import { parseMac } from '../domain/mac.ts';
import { addressAt } from '../domain/addresses.ts';
import type { Node } from '../domain/node.ts';
import type { Site } from '../domain/site.ts';
import type { Log } from '../infra/log.ts';
import { readForwardingTable } from '../infra/switch-macs/snmp.ts';

/** What learning a MAC from a switch needs. */
export interface DiscoveryDeps {
  site(): Site;
  community(switchId: string): Promise<string>;
  /** Binds the MAC; false when it is another node's. */
  bind(mac: string, nodeId: string): Promise<boolean>;
  /** Told when a machine was found on its port, with words for people. */
  found(nodeId: string, mac: string, where: string): Promise<void>;
  /** Told where an unknown machine stands, as far as switches know. */
  noted(mac: string, where: string): void;
  log: Log;
}

/** Answers of one switch are good for this long, so that a boot storm asks it once a second, not once a packet. */
const FRESH_MS = 1000;
/** A switch that has not learnt a MAC yet is asked again after this time. */
const AGAIN_MS = 700;

/** Finds who a machine is by the port it is plugged into, asking the declared switches at most once a second each. */
export function createDiscovery(deps: DiscoveryDeps) {
  const tables = new Map<string, { at: number; rows: Promise<Seen[]> }>();

  function table(site: Site, switchId: string): Promise<Seen[]> {
    const known = tables.get(switchId);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) return known.rows;
    const rows = read(site, switchId).catch((error: unknown) => {
      deps.log.warn('switch.unreadable', { switch: site.switches.get(switchId)?.name, error: error instanceof Error ? error.message : String(error) });
      return [];
    });
    tables.set(switchId, { at: Date.now(), rows });
    return rows;
  }

  async function read(site: Site, switchId: string): Promise<Seen[]> {
    const sw = site.switches.get(switchId);
    const network = sw === undefined ? undefined : site.networks.get(sw.network);
    if (sw === undefined || network === undefined) return [];
    const target = { host: addressAt(network, sw.address), port: sw.snmp_port, community: await deps.community(switchId), oid: sw.oid };
    return (await readForwardingTable(target, 3000)).map((row) => ({ ...row, switchId }));
  }

  /** Node ids that could be a machine: those with a port and no MAC yet. */
  let found: { site: Site; nodes: Node[] } | null = null;
  function candidates(site: Site): Node[] {
    // Every DISCOVER of an unknown machine asks, and a site is replaced as a whole when it changes.
    if (found?.site !== site) found = { site, nodes: [...site.nodes.values()].filter((n) => n.switch !== null && n.port !== null && !site.macsOf.has(n._id)) };
    return found.nodes;
  }

  return {
    /** Whether any node is to be found by its port: it has no MAC yet. */
    canFind: (): boolean => candidates(deps.site()).length > 0,

    /** Binds an unknown MAC to the node declared on its port. Null when none is found before the deadline (milliseconds). */
    async whoIs(text: string, deadlineMs: number): Promise<string | null> {
      const mac = parseMac(text);
      const until = Date.now() + deadlineMs;
      do {
        const site = deps.site();
        const bound = site.macs.get(mac);
        if (bound !== undefined) return bound;
        const nodes = candidates(site);
        const switches = [...new Set(nodes.map((n) => n.switch).filter((id): id is string => id !== null))];
        if (switches.length === 0) return null;
        const seen = (await Promise.all(switches.map((id) => table(site, id)))).flat().filter((row) => row.mac === mac);
        const places = seen.map((s) => `${site.switches.get(s.switchId)?.name ?? '?'} port ${s.portName ?? s.port}`).join(', ');
        const match = matchPort(seen, nodes);
        if (match.is === 'match' && await deps.bind(mac, match.nodeId)) {
          deps.log.info('node.discovered', { node: site.nodes.get(match.nodeId)?.name, mac, where: places });
          await deps.found(match.nodeId, mac, places);
          return match.nodeId;
        }
        if (places !== '') deps.noted(mac, places);
        if (match.is === 'ambiguous') {
          deps.log.warn('node.ambiguous', { mac, where: places, nodes: match.nodeIds.map((id) => site.nodes.get(id)?.name) });
          return null;
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      } while (Date.now() < until);
      return null;
    },
  };
}
