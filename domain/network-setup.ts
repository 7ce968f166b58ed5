import { LunaError } from './errors.ts';
import { NETWORK_MARK, type NetworkFile } from './network-files/file.ts';
import { IFCFG_DIR, ifcfgFiles } from './network-files/ifcfg.ts';
import { IFUPDOWN_DIR, ifupdownFiles } from './network-files/ifupdown.ts';
import { KEYFILE_DIR, keyfiles } from './network-files/keyfile.ts';
import { type BootNic, type SystemLink, systemLinks } from './network-files/links.ts';
import { NETPLAN_DIR, netplanFiles } from './network-files/netplan.ts';
import { NETWORKD_DIR, networkdFiles } from './network-files/networkd.ts';
import { type NetworkStyle, STYLE_FILE } from './network-style.ts';
import type { Artefact } from './osimage.ts';
import type { PlannedInterface } from './planned-interfaces.ts';

/** What of an install plan decides it; `osimage` is its name. */
export interface NetworkPlan { osimage: string; artefact: Pick<Artefact, 'network'>; interfaces: readonly PlannedInterface[] }

/** What is written into an installed system so that it finds its networks, ready to be put in place. */
export interface NetworkSetup {
  style: NetworkStyle;
  /** Where luna's files of an earlier installation, known by their first line, are removed before. */
  folders: string[];
  files: NetworkFile[];
  /** Lines that files of the image must have, unless one fits `unless`, a basic regular expression. */
  lines: { path: string; unless: string; line: string }[];
  /** For /etc/resolv.conf where no program of the image looks after it; null: there is nothing to say. */
  resolver: string | null;
  /** Services that must be enabled. */
  units: string[];
}

type Renderer = Pick<NetworkSetup, 'folders' | 'units' | 'lines'> & { render: (links: readonly SystemLink[]) => NetworkFile[] };

const RENDERERS: Readonly<Record<NetworkStyle, Renderer>> = {
  netplan: { render: netplanFiles, folders: [NETPLAN_DIR], units: [], lines: [] },
  networkd: { render: networkdFiles, folders: [NETWORKD_DIR], units: ['systemd-networkd'], lines: [] },
  keyfile: { render: keyfiles, folders: [KEYFILE_DIR], units: ['NetworkManager'], lines: [] },
  ifcfg: { render: ifcfgFiles, folders: [IFCFG_DIR], units: [], lines: [] },
  ifupdown: {
    render: ifupdownFiles, folders: [IFUPDOWN_DIR], units: [],
    lines: [{ path: '/etc/network/interfaces', unless: '^source.*interfaces\\.d\\(/\\*\\)\\{0,1\\}[[:space:]]*$', line: `source ${IFUPDOWN_DIR}/*` }],
  },
  none: { render: () => [], folders: [], units: [], lines: [] },
};

/**
 * Decides it for the image of a plan. `nic` is what the node calls the card it booted from. Throws LunaError `conflict`
 * when the image has no program that luna could configure, or was packed before luna looked for one.
 */
export function networkSetup(plan: NetworkPlan, nic: BootNic): NetworkSetup {
  refuseUnconfigurable(plan);
  const style = plan.artefact.network;
  if (style == null) throw new LunaError('conflict', `osimage ${plan.osimage} was packed before luna looked at what configures its network`, `luna osimage pack ${plan.osimage}`);
  const { render, ...rest } = RENDERERS[style];
  return { style, ...rest, files: render(systemLinks(plan.interfaces, nic)), resolver: style === 'none' ? null : resolver(plan) };
}

/** Throws LunaError `conflict` when the image of a plan has no program that luna could configure. */
export function refuseUnconfigurable({ artefact, osimage }: Pick<NetworkPlan, 'artefact' | 'osimage'>): void {
  if (artefact.network !== null) return;
  const why = `osimage ${osimage} has none of netplan, systemd-networkd, NetworkManager, ifcfg and ifupdown; install one, or write none into its ${STYLE_FILE}`;
  throw new LunaError('conflict', why, `luna osimage pack ${osimage}`);
}

/** resolv.conf(5); it takes three servers, the others wait for a program that can do better. */
function resolver({ interfaces }: Pick<NetworkPlan, 'interfaces'>): string | null {
  const search = [...new Set(interfaces.flatMap((one) => one.search))];
  const servers = [...new Set(interfaces.flatMap(({ dns }) => dns))];
  if (search.length + servers.length === 0) return null;
  const lines = [NETWORK_MARK, ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]), ...servers.map((server) => `nameserver ${server}`)];
  return `${lines.join('\n')}\n`;
}
