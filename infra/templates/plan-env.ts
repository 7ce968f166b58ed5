import type { InstallPlan } from '../../domain/install-plan.ts';
import type { PlannedInterface } from '../../domain/planned-interfaces.ts';
import { type Rendered, sh, verbatim } from './render.ts';

/** The plan as shell assignments, one variable each, single-quoted; what the agent sources. `nonce` makes its URLs usable. */
export function planEnv(plan: InstallPlan, nonce: string): Rendered {
  const { tree } = plan.artefact;
  const swarm = `${plan.url}/torrents/${tree.sha256}`;
  const manifest = `${plan.url}/manifest/${plan.artefact._id}`;
  return assignments({
    LUNA_NODE: plan.node,
    LUNA_HOSTNAME: plan.hostname,
    LUNA_DOMAIN: plan.domain,
    LUNA_SERVER: plan.server,
    LUNA_URL: plan.url,
    LUNA_OSIMAGE: plan.osimage,
    LUNA_FAMILY: plan.artefact.family,
    LUNA_KERNVER: plan.artefact.kernver,
    LUNA_KERNOPTS: plan.kernopts,
    LUNA_MANIFEST_URL: plan.artefact.manifest && `${manifest}?nonce=${nonce}`,
    LUNA_MANIFEST_SIG_URL: plan.artefact.manifest && `${manifest}.sig?nonce=${nonce}`,
    LUNA_TREE_SHA256: tree.sha256,
    LUNA_TREE_SIZE: tree.size,
    LUNA_TREE_UNPACKED: tree.unpackedSize,
    LUNA_TREE_TORRENT_URL: `${swarm}.torrent?nonce=${nonce}`,
    LUNA_TREE_URL: `${swarm}.tar.zst?nonce=${nonce}`,
    LUNA_BOOTLOADER: plan.bootloader,
    LUNA_IF_COUNT: plan.interfaces.length,
    ...Object.fromEntries(plan.interfaces.flatMap((one, i) => Object.entries(interfaceVariables(one, i + 1)))),
    LUNA_BMC: plan.bmc === null ? 0 : 1,
    LUNA_BMC_IP: plan.bmc?.ip,
    LUNA_BMC_NETMASK: plan.bmc?.netmask,
    LUNA_BMC_GATEWAY: plan.bmc?.gateway,
    LUNA_BMC_USER: plan.bmc?.user,
    LUNA_BMC_USERID: plan.bmc?.userid,
    LUNA_BMC_NETCHANNEL: plan.bmc?.netchannel,
    LUNA_BMC_MGMTCHANNEL: plan.bmc?.mgmtchannel,
  });
}

/** Assignments for POSIX sh; null and undefined are empty words. */
export function assignments(variables: Readonly<Record<string, string | number | null | undefined>>): Rendered {
  return sh`${Object.entries(variables).map(([name, value]) => sh`${verbatim(name)}=${value ?? ''}`)}
`;
}

function interfaceVariables(one: PlannedInterface, index: number): Record<string, string | number | null> {
  const prefix = `LUNA_IF_${index}_`;
  return {
    [`${prefix}NAME`]: one.name,
    [`${prefix}IP`]: one.ip,
    [`${prefix}PREFIX`]: one.prefix,
    [`${prefix}GATEWAY`]: one.gateway,
    [`${prefix}DNS`]: one.dns.join(' '),
    [`${prefix}SEARCH`]: one.search.join(' '),
    [`${prefix}PARAMS`]: one.params,
    [`${prefix}IP6`]: one.ip6,
    [`${prefix}PREFIX6`]: one.prefix6,
    [`${prefix}GATEWAY6`]: one.gateway6,
    [`${prefix}DHCP`]: one.dhcp ? 1 : 0,
    [`${prefix}MTU`]: one.mtu,
    [`${prefix}VLAN_ID`]: one.vlan?.id ?? null,
    [`${prefix}VLAN_PARENT`]: one.vlan?.parent ?? null,
    [`${prefix}BOND_MODE`]: one.bond?.mode ?? null,
    [`${prefix}BOND_MEMBERS`]: one.bond?.members.join(' ') ?? null,
    // One a line: destination, next hop, metric (may be missing).
    [`${prefix}ROUTES`]: one.routes.map(({ to, via, metric }) => [to, via, ...(metric === null ? [] : [metric])].join(' ')).join('\n'),
  };
}
