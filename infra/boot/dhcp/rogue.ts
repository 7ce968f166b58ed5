import { randomInt } from 'node:crypto';
import type { ClientPortSocket } from '../client-port-socket.ts';
import { deviceIndex } from '../libc.ts';
import type { ProvisioningInterface } from '../provisioning-interface.ts';
import { answerOf } from './rogue-answer.ts';
import type { RogueDeps, RogueSign } from './rogue-deps.ts';
import { createRogueLedger } from './rogue-ledger.ts';
import { probe } from './rogue-probe.ts';

/** How often the devices are asked, and how often what was heard is read. */
const ASK_MS = 10_000;
const READ_MS = 250;
/** Packets read at once of one device: a flood must not hold up what else this process does. */
const AT_ONCE = 100;

/** Notices DHCP servers that are not this controller's. */
export interface RogueWatch {
  /** A machine took its address from a server that is not ours. */
  chosen(device: string, networkId: string, server: string, mac: string): void;
  stop(): Promise<void>;
}

interface Ear {
  readonly socket: ClientPortSocket;
  readonly networkId: string;
}

/**
 * Asks for an address on every device whose networks luna alone serves, again and again, and listens to what servers tell
 * clients there. Where a network has luna beside another server (`proxy`) the device is left alone.
 */
export async function startRogueWatch(deps: RogueDeps): Promise<RogueWatch> {
  const { log, meter } = deps;
  const ledger = createRogueLedger(deps, await deps.load());
  const ears = new Map<string, Ear>();
  const deaf = new Map<string, string>();
  let settling: Promise<void> = Promise.resolve();
  meter.gauge('servers', 'DHCP servers that are not this controller\'s and were seen in the last minutes.', () => ledger.count());
  meter.gauge('devices_watched', 'Devices on which other DHCP servers are looked for.', () => ears.size);

  function close(key: string): void {
    ears.get(key)?.socket.close();
    ears.delete(key);
  }

  /** Told once while it lasts; tried again at every look. */
  function complain(key: string, error: unknown): void {
    close(key);
    const reason = error instanceof Error ? error.message : String(error);
    if (deaf.get(key) !== reason) log.warn('dhcp.rogue_unwatched', { device: key.split('#')[0], reason, next: 'other DHCP servers on it are not noticed until it can be opened: ip link show' });
    deaf.set(key, reason);
  }

  function settle(): void {
    settling = settling.then(() => ledger.settle()).catch((error: unknown) => { log.warn('dhcp.rogue_not_kept', { error }); });
  }

  function ask(): void {
    const wanted = watched(deps.interfaces());
    for (const key of ears.keys()) if (!wanted.has(key)) close(key);
    for (const [key, { name, network }] of wanted) {
      try {
        const ear = ears.get(key) ?? { socket: deps.open(name), networkId: network.id };
        ears.set(key, ear);
        ear.socket.broadcast(probe(randomInt(2 ** 32)));
        meter.packet('probe', 'sent');
        deaf.delete(key);
      } catch (error) {
        complain(key, error);
      }
    }
    settle();
  }

  function note(sign: RogueSign): void {
    const before = ledger.count();
    ledger.note(sign);
    if (ledger.count() > before) settle();
  }

  function read(): void {
    for (const [key, { socket, networkId }] of ears) {
      try {
        for (let i = 0; i < AT_ONCE; i += 1) {
          const heard = socket.receive();
          if (heard === null) break;
          const answer = answerOf(heard.payload, heard.from, (ip) => deps.isOurs(ip));
          if (answer !== null) note({ ...answer, networkId, device: key.split('#')[0] ?? key, mac: answer.server === heard.from ? heard.mac : null, sign: 'answer' });
        }
      } catch (error) {
        complain(key, error);
      }
    }
  }

  ask();
  const asking = setInterval(ask, deps.askMs ?? ASK_MS);
  const reading = setInterval(read, READ_MS);
  return {
    chosen(device, networkId, server, mac) {
      if (!deps.isOurs(server)) note({ device, networkId, server, mac: null, sign: 'request', offered: `gave ${mac} its address` });
    },
    async stop() {
      clearInterval(asking);
      clearInterval(reading);
      for (const key of [...ears.keys()]) close(key);
      await settling;
    },
  };
}

/** The devices to watch, by name and number: one that was made anew is another. */
function watched(interfaces: readonly ProvisioningInterface[]): Map<string, ProvisioningInterface> {
  const shared = new Set(interfaces.filter(({ network }) => network.dhcp === 'proxy').map(({ name }) => name));
  const alone = interfaces.filter(({ name, network }) => (network.dhcp ?? 'serve') === 'serve' && !shared.has(name));
  return new Map(alone.reverse().map((one) => [`${one.name}#${deviceIndex(one.name)}`, one]));
}
