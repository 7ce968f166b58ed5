import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../infra/store/connect.ts';
import { changeNetwork } from '../../infra/store/networks.ts';
import { openSecretBox } from '../../infra/store/secrets-key.ts';
import { cpuSeconds } from '../support/cpu.ts';
import { benchLog, startInstance } from '../support/instance.ts';
import { say } from '../support/outcome.ts';
import { declareSite, type Machine } from '../support/site.ts';
import { type Contender, range } from './servers.ts';
import { layWire } from './wire.ts';

/** luna's own boot process with its store, as `luna up` runs them, and a site of `count` declared machines. */
export async function startLuna(count: number): Promise<Contender & { machines: Machine[] }> {
  const wire = await layWire(true);
  const instance = await startInstance(['documents', 'boot']);
  const store = await openStore(instance.config.mongo.uri, { log: benchLog, secrets: openSecretBox(instance.config.secretsKey) });
  say(`declaring ${count} nodes`);
  const machines = await declareSite(store, instance.config, count, { bmc: false });
  await changeNetwork(store, 'cluster', { dhcp_start: range.first, dhcp_end: range.last }, 'bench');
  await store.close();
  // The boot process looks at its devices again every five seconds.
  await sleep(6000);
  const pids = ['documents', 'boot'].map((part) => instance.pid(part));
  return {
    name: 'luna',
    wire,
    machines,
    cpu: () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
    async stop() {
      await instance.stop();
      wire.remove();
    },
  };
}
