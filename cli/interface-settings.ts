import { Errors, Flags } from '@oclif/core';
import { yesNo } from './yes-no.ts';

/** How an interface differs from a plain NIC with a static address. */
export const interfaceSettingFlags = {
  mtu: Flags.string({ summary: 'With -i: bytes of a packet; empty: what the network says.', helpValue: 'BYTES' }),
  vlan: Flags.string({ summary: 'With -i: it is a VLAN of another interface; empty: it is none.', helpValue: 'ID@PARENT' }),
  bond: Flags.string({ summary: 'With -i: it bonds NICs; empty: it is no bond.', helpValue: 'MODE:NIC,NIC' }),
  route: Flags.string({ summary: 'With -i: a static route; may be repeated, and all together replace those there were. Empty: none.', multiple: true, multipleNonGreedy: true, helpValue: 'TO,VIA[,METRIC]' }),
  dhcp: yesNo({ summary: 'With -i: its address comes by DHCP once the system is installed.' }),
};

/** What {@link interfaceSettingFlags} reads. */
export interface SettingsGiven { mtu?: string | undefined; vlan?: string | undefined; bond?: string | undefined; route?: string[] | undefined; dhcp?: boolean | undefined }

/** The given settings as the API takes them; empty when there are none. Throws a usage error for one that can't be read. */
export function interfaceSettings({ mtu, vlan, bond, route, dhcp }: SettingsGiven): Record<string, unknown> {
  return {
    ...(mtu === undefined ? {} : { mtu: mtu === '' ? null : Number(matched(mtu, /^(\d{1,5})$/, 'bytes')[0]) }),
    ...(vlan === undefined ? {} : { vlan: vlan === '' ? null : vlanOf(vlan) }),
    ...(bond === undefined ? {} : { bond: bond === '' ? null : bondOf(bond) }),
    ...(route === undefined ? {} : { routes: route.filter((text) => text !== '').map(routeOf) }),
    ...(dhcp === undefined ? {} : { dhcp }),
  };
}

function vlanOf(text: string): object {
  const [id, parent] = matched(text, /^(\d{1,4})@(.+)$/, 'ID@PARENT, as in 100@BOOTIF');
  return { id: Number(id), parent };
}

function bondOf(text: string): object {
  const [mode, members = ''] = matched(text, /^([^:]+):(.+)$/, 'MODE:NIC,NIC, as in 802.3ad:eth0,eth1');
  return { mode, members: members.split(',') };
}

function routeOf(text: string): object {
  const [to, via, metric] = matched(text, /^([^,]+),([^,]+)(?:,(\d+))?$/, 'TO,VIA or TO,VIA,METRIC, as in 10.40.0.0/16,10.30.255.1');
  return { to, via, ...(metric === undefined ? {} : { metric: Number(metric) }) };
}

function matched(text: string, form: RegExp, what: string): (string | undefined)[] {
  const match = form.exec(text);
  if (!match) throw new Errors.CLIError(`Expected ${what}, not ${JSON.stringify(text)}.`, { exit: 2 });
  return match.slice(1);
}
