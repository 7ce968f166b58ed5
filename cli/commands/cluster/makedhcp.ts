import { Errors, Flags } from '@oclif/core';
import { resolve } from 'node:path';
import type { DhcpPlan } from '../../../domain/dhcp-plan.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { DHCP_SERVERS, dhcpServer, writeDhcp } from '../../make-dhcp.ts';
import { pathOf } from '../../object-selector.ts';
import { reloadService } from '../../reload-service.ts';

export default class ClusterMakedhcp extends ChangingCommand {
  static override summary = "Set the range for unknown machines, and configure this machine's own DHCP server, if it has one.";
  static override description = "luna's own DHCP server needs only the range. For Kea or ISC dhcpd the whole configuration is written, checked by that server and put in place; what was there before luna is kept as FILE.before-luna.";
  static override examples = ['luna cluster makedhcp -N cluster -s 10.30.128.1 -e 10.30.255.200', 'luna cluster makedhcp --server kea', 'luna cluster makedhcp --server isc --output /etc/dhcp/dhcpd.conf'];
  static override flags = {
    network: Flags.string({ char: 'N', summary: 'The network the range is set in.', helpValue: 'NETWORK' }),
    start_ip: Flags.string({ char: 's', aliases: ['start-ip'], summary: 'First address for machines without a reservation.', helpValue: 'IP' }),
    end_ip: Flags.string({ char: 'e', aliases: ['end-ip'], summary: 'Last address for machines without a reservation.', helpValue: 'IP' }),
    native_dhcp_ha: Flags.boolean({ aliases: ['native-dhcp-ha'], summary: "Luna 1's: a pair of dhcpd that share the range.", hidden: true }),
    server: Flags.string({ summary: 'Whose configuration is written; without it, that of the server installed here.', options: DHCP_SERVERS.map(({ name }) => name) }),
    output: Flags.string({ summary: "Where it is written, instead of the server's usual place.", helpValue: 'FILE' }),
  };

  async run(): Promise<{ server: string | null; file: string | null; changed: boolean; reloaded: boolean }> {
    const { flags } = await this.parse(ClusterMakedhcp);
    if (flags.native_dhcp_ha) this.outdated('--native_dhcp_ha', 'nothing: each controller answers from the same database');
    await this.setRange(flags);
    const server = dhcpServer(flags.server);
    if (server === null) {
      if (flags.output !== undefined) throw new Errors.CLIError('Neither kea-dhcp4 nor dhcpd is installed here: say --server kea or --server isc.', { exit: 2 });
      this.log("luna's own DHCP server gives the addresses; neither kea-dhcp4 nor dhcpd is installed here, so no file was written.");
      return { server: null, file: null, changed: false, reloaded: false };
    }
    const plan = await this.api<DhcpPlan>('GET', '/api/v1/dhcp');
    const file = resolve(flags.output ?? server.file);
    const { changed, kept } = await writeDhcp(plan, server, file, this.isDry);
    if (kept !== null) this.log(`Kept what was there before as ${kept}.`);
    const reservations = plan.subnets.reduce((sum, subnet) => sum + subnet.reservations.length, 0);
    this.log(`${file}: ${changed ? 'written' : 'as it should be'}, networks: ${plan.subnets.length}, reservations: ${reservations}.`);
    if (!changed || flags.output !== undefined) return { server: server.name, file, changed, reloaded: false };
    const { done, told, next } = await reloadService(server.units, server.verb);
    this.log(told);
    if (next !== undefined) this.log(`Next: ${next}`);
    return { server: server.name, file, changed, reloaded: done };
  }

  /** As in Luna 1: all three or none. */
  private async setRange({ network, start_ip: start, end_ip: end }: { network?: string | undefined; start_ip?: string | undefined; end_ip?: string | undefined }): Promise<void> {
    if (network === undefined && start === undefined && end === undefined) return;
    if (network === undefined || start === undefined || end === undefined) {
      throw new Errors.CLIError('--network, --start_ip and --end_ip go together; without them the ranges stay as they are.', { exit: 2 });
    }
    await this.each(
      () => this.api('PATCH', pathOf('network', network), { dhcp_start: start, dhcp_end: end }),
      () => this.api('PATCH', '/api/v1/cluster', { dhcp_net: network }),
    );
    this.log(`Network ${network}: machines without a reservation get ${start} to ${end}.`);
  }
}
