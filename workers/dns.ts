import { createNotifier } from '../infra/boot/dns/notify.ts';
import { startDns } from '../infra/boot/dns/server.ts';
import { openStore } from '../infra/store/connect.ts';
import { watchSite } from '../infra/store/watch-site.ts';
import { keepSeen } from './boot-seen.ts';
import { dnsAddresses, dnsClients, forwardersOf } from './dns-clients.ts';
import { liveZones } from './dns-zones.ts';
import { every, runProcess } from './run.ts';

/** How often this machine's addresses are looked at again, and zones whose serials could not be agreed on. */
const RECONCILE_MS = 5000;
/** Queries per second of one client: far more than a machine that is well asks, and less than keeps us from the others. */
const RATE = 20_000;

// A process of its own: a flood of questions delays no DHCP answer.
await runProcess('dns', async ({ config, log, metrics, signal }) => {
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database });
  const watch = await watchSite(store, log);
  const recorder = keepSeen({ store, watch, metrics, log, signal });
  const notifier = createNotifier({ secondaries: () => watch.current().cluster?.dns_secondaries ?? [], log });
  const zones = await liveZones(store, watch.current(), log, notifier.changed);
  const factsOf = dnsClients();
  let forwarders = forwardersOf(watch.current());
  const dns = await startDns({
    addresses: () => dnsAddresses(watch.current()),
    port: config.dnsPort ?? 53,
    zones: zones.current,
    client: (address) => factsOf(watch.current(), address),
    forwarders: () => forwarders,
    rate: RATE,
    log,
    meter: metrics.meter('dns'),
    seen: recorder.seen,
  });

  /** One at a time: what changes meanwhile is followed by the next. */
  let turn: Promise<void> = Promise.resolve();
  const reconcile = (): Promise<void> => {
    forwarders = forwardersOf(watch.current());
    const run = turn.then(async () => { await Promise.all([zones.follow(watch.current()), dns.reconcile()]); });
    turn = run.catch(() => undefined);
    return run;
  };
  watch.onChange(() => { reconcile().catch((error: unknown) => { log.warn('dns.reconcile_failed', { error }); }); });
  const again = every(RECONCILE_MS, signal, log, 'dns.reconcile_failed', reconcile);

  return {
    get addresses() { return dns.addresses; },
    async stop() {
      await again;
      notifier.stop();
      await dns.stop();
      await recorder.stop();
      await watch.stop();
      await store.close();
    },
  };
});
