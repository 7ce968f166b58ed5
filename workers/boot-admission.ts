import { networkInterfaces } from 'node:os';
import { nodeWithAddress } from '../domain/machine-names.ts';
import type { Boot } from '../domain/provision.ts';
import { loadingMachines, torrentsOf } from '../infra/boot/torrent/admission.ts';
import type { Log } from '../infra/log.ts';
import { bootByNonce, moveBoot, openBoots } from '../infra/store/boots.ts';
import type { Store } from '../infra/store/connect.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';
import { every } from './run.ts';

/** How often open boots are read anew: a boot that ended elsewhere is admitted for so much longer. */
const LOOK_MS = 1000;

export interface AdmissionWiring { store: Store; watch: SiteWatch; log: Log; signal: AbortSignal }

/**
 * Who may load an image, from memory: machines announce every second, and thousands of them must not ask the database each.
 */
export async function bootAdmission({ store, watch, log, signal }: AdmissionWiring) {
  let byNonce = new Map<string, Boot>();
  let byAddress = new Map<string, Boot>();
  let own = new Set<string>();
  let hashes = new Map<string, ReadonlySet<string>>();

  function site(): void {
    hashes = new Map([...watch.current().artefacts.values()].map((one) => [one._id, new Set(torrentsOf(one))]));
  }
  async function look(): Promise<void> {
    const boots = await openBoots(store);
    byNonce = new Map(boots.map((boot) => [boot._id, boot]));
    byAddress = loadingMachines(watch.current(), boots);
    own = new Set(Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []));
  }
  site();
  watch.onChange(site);
  await look();
  const again = every(LOOK_MS, signal, log, 'boot.admission_failed', look);

  return {
    /** The boot behind a nonce; one that is not known yet, or is dead, is looked up. */
    recentBoot: async (nonce: string): Promise<Boot | null> => byNonce.get(nonce) ?? bootByNonce(store, nonce),
    /** Whether the machine with this address loads the image of this info hash (hex). */
    isAdmitted(ip: string, infoHash: string): boolean {
      const boot = byAddress.get(ip);
      return boot !== undefined && hashes.get(boot.artefact)?.has(infoHash) === true;
    },
    isOwn: (ip: string): boolean => own.has(ip),
    /** The node with this address, and the rate of its link in Mbit/s; nulls for what nobody knows. */
    machineAt(ip: string): { node: string | null; switch: string | null; link: number | null } {
      const node = watch.current().nodes.get(nodeWithAddress(watch.current(), ip) ?? '');
      const boot = byAddress.get(ip);
      return { node: node?.name ?? boot?.nodeName ?? null, switch: node?.switch ?? null, link: boot?.link ?? null };
    },
    /** The agent of an armed boot said hello: from then on the machine with this address is its machine. */
    async live(boot: Boot, from: Pick<Boot, 'ip' | 'link'>): Promise<void> {
      if (!await moveBoot(store, boot._id, ['armed'], 'live', from)) return;
      const now: Boot = { ...boot, ...from, state: 'live' };
      byNonce.set(now._id, now);
      for (const [ip, one] of loadingMachines(watch.current(), [now])) byAddress.set(ip, one);
    },
    stop: () => again,
  };
}
