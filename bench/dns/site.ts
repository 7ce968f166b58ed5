import { setTimeout as sleep } from 'node:timers/promises';
import { Resolver } from 'node:dns/promises';
import type { Site } from '../../domain/site.ts';
import type { Config } from '../../infra/config.ts';
import { openStore } from '../../infra/store/connect.ts';
import { loadSite } from '../../infra/store/site.ts';
import { benchLog } from '../support/instance.ts';
import { say } from '../support/outcome.ts';
import { controllerAddress } from '../support/own-network.ts';
import { declareSite } from '../support/site.ts';

/** Declares so many nodes and resolves when the DNS process answers for the last of them. */
export async function declareNames(config: Config, count: number): Promise<Site> {
  const store = await openStore(config.mongo.uri, { log: benchLog });
  try {
    const machines = await declareSite(store, config, count, { bmc: false });
    const began = performance.now();
    await answered(`${machines.at(-1)?.name ?? ''}.cluster`);
    say(`the last of ${count} nodes is known by its name ${Math.round(performance.now() - began)} ms after it was declared`);
    return await loadSite(store);
  } finally {
    await store.close();
  }
}

async function answered(name: string): Promise<void> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([controllerAddress]);
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(20)) {
    if (await resolver.resolve4(name).then(() => true, () => false)) return;
  }
  throw new Error(`the DNS process does not know ${name} within a minute`);
}
