import { addressAt } from '../domain/addresses.ts';
import type { Seen } from '../domain/discovery.ts';
import { LunaError } from '../domain/errors.ts';
import type { Site } from '../domain/site.ts';
import type { Switch } from '../domain/switch.ts';
import type { Log } from '../infra/log.ts';
import type { Store } from '../infra/store/connect.ts';
import { readSecret } from '../infra/store/secrets.ts';
import { readForwardingTable } from '../infra/switch-macs/snmp.ts';

/** Asks all switches at once; those that don't answer are left out, with a line in the log. Throws LunaError `unavailable` when none answers. */
export async function switchMacs(store: Store, log: Log, site: Site): Promise<Seen[]> {
  const tables = await Promise.all([...site.switches.values()].map(async (one) => {
    try {
      return await read(store, site, one);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.warn('switch.unreadable', { switch: one.name, error: why });
      return { name: one.name, why };
    }
  }));
  const failed = tables.flatMap((table) => 'why' in table ? [`${table.name}: ${table.why}`] : []);
  if (failed.length > 0 && failed.length === tables.length) throw new LunaError('unavailable', `no switch answers: ${failed.join('; ')}`, 'luna switch list');
  return tables.flatMap((table) => 'why' in table ? [] : table);
}

async function read(store: Store, site: Site, { _id, network: networkId, address, snmp_port, oid }: Switch): Promise<Seen[]> {
  const network = site.networks.get(networkId);
  if (!network) throw new Error('its network is gone');
  const community = await readSecret(store, 'switch', _id) ?? 'public';
  const rows = await readForwardingTable({ host: addressAt(network, address), port: snmp_port, community, oid });
  return rows.map((row) => ({ ...row, switchId: _id }));
}
