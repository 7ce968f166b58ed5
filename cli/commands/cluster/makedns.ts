import { Flags } from '@oclif/core';
import { isAbsolute } from 'node:path';
import type { ClusterView } from '../../../domain/views.ts';
import type { ZonesView } from '../../../domain/zone.ts';
import { LunaError } from '../../../domain/errors.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { writeZones, type ZonesWritten } from '../../make-dns.ts';
import { isIncluded, namedPlaces } from '../../named-places.ts';
import { reloadNamed } from '../../reload-service.ts';

export default class ClusterMakedns extends ChangingCommand {
  static override summary = "Write the site's DNS zones for BIND on this machine, and have it read them.";
  static override description = 'Forward and reverse zones of every network, and the file that named.conf includes. Files that are as they should be are not touched; what BIND would refuse is not put in place.';
  static override examples = ['luna cluster makedns', 'luna cluster makedns --include-file /etc/bind/luna.zones --zone-dir /var/cache/bind', 'luna cluster makedns --transfer-to 10.30.255.253'];
  static override flags = {
    'include-file': Flags.string({ summary: 'The file named.conf includes.', helpValue: 'FILE' }),
    'zone-dir': Flags.string({ summary: 'Where the zone files go.', helpValue: 'DIR' }),
    'transfer-to': Flags.string({ summary: 'Secondary servers, a comma list: they are notified and may fetch the zones.', helpValue: 'IP,IP' }),
  };

  async run(): Promise<ZonesWritten & { reloaded: boolean }> {
    const { flags } = await this.parse(ClusterMakedns);
    for (const path of [flags['include-file'], flags['zone-dir']]) {
      if (path !== undefined && !isAbsolute(path)) throw new LunaError('invalid', `${path} is no absolute path, which is what named needs`);
    }
    const cluster = await this.api<ClusterView>('GET', '/api/v1/cluster');
    const site = await this.api<ZonesView>('GET', '/api/v1/zones');
    const places = namedPlaces({ includeFile: flags['include-file'], zoneDir: flags['zone-dir'] }, cluster);
    const transferTo = (flags['transfer-to'] ?? '').split(',').map((address) => address.trim()).filter((address) => address !== '');
    const written = await writeZones(site, { ...places, transferTo }, this.isDry);
    for (const warning of site.warnings) this.logToStderr(`Warning: ${warning}`);
    this.log(`${site.zones.length} zones in ${places.zoneDir}: ${written.changed.length} changed, ${written.removed.length} removed.`);
    if (!isIncluded(places)) this.log(`Next: add to named.conf: include "${places.includeFile}";`);
    if (written.changed.length + written.removed.length === 0 && !written.includeChanged) return { ...written, reloaded: false };
    const { done, told, next } = await reloadNamed();
    this.log(told);
    if (next !== undefined) this.log(`Next: ${next}`);
    return { ...written, reloaded: done };
  }
}
