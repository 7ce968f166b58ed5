import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { get } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Traced } from '../../domain/boot-trace.ts';
import type { SwarmRecord } from '../../domain/swarm.ts';
import type { ServiceCounts } from '../../domain/service-counts.ts';
import { IMAGE, INSTALLING, NODE, REST } from '../support/boot-node.ts';
import { type CallApi, callApiAt } from '../support/call-api.ts';
import { Cli } from '../support/cli.ts';
import { createLan, type Lan, type LanHost } from '../support/lan.ts';
import { until } from '../support/until.ts';

/** Starting an engine and two workers takes its time on a busy machine. */
const START_MS = 180_000;

describe('the processes of a controller', () => {
  let lan: Lan;
  let instance: ChildProcess;
  let socketPath: string;
  let call: CallApi;
  let machine: LanHost;
  let cli: Cli;
  const installing: LanHost[] = [];

  before(async () => {
    lan = await createLan();
    instance = spawn('ip', ['netns', 'exec', lan.controller.namespace, process.execPath, join(import.meta.dirname, '../support/boot-instance.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const dataDir = await saidDataDir(instance);
    socketPath = join(dataDir, 'run/api.sock');
    call = callApiAt({ socketPath });
    cli = new Cli(dataDir);
    machine = await lan.host(NODE.mac);
  }, { timeout: START_MS });
  after(async () => {
    await cli.stop();
    if (instance.exitCode === null && instance.kill('SIGTERM')) await once(instance, 'exit');
    await lan.remove();
  });

  it('trace what each service saw of a machine that boots, in order', async () => {
    await machine.run('udhcpc', '-i', 'eth0', '-n', '-q', '-t', '10', '-V', 'PXEClient:Arch:00007:UNDI:003016', '-x', '0x5d:0007', '-s', '/bin/true');
    await machine.run('ip', 'addr', 'add', `${NODE.ip}/24`, 'dev', 'eth0');
    await machine.run('curl', '--silent', '--retry', '5', '--output', '/dev/null', 'tftp://10.77.0.1/snponly.efi');
    await machine.run('curl', '--silent', '--output', '/dev/null', 'http://10.77.0.1:7050/boot/ipxe/snponly.efi');

    const seen = await traced('http');

    const steps = seen.map(({ service, saw, answered, node }) => `${node ?? '-'} ${service} ${saw.split(' ')[0] ?? ''} ${answered?.split(/[ ,]/)[0] ?? 'nothing'}`);
    for (const [earlier, later] of pairs([`${NODE.name} dhcp DISCOVER OFFER`, `${NODE.name} dhcp REQUEST ACK`, `${NODE.name} tftp RRQ OACK`, `${NODE.name} http GET 200`])) {
      assert.ok(steps.includes(earlier) && steps.lastIndexOf(later) > steps.indexOf(earlier), `${later} after ${earlier}: ${steps.join('; ')}`);
    }
    assert.ok(seen.every(({ mac }) => mac === NODE.mac));
  });

  it('count it, and tell that they are up', async () => {
    const text = await scrape();

    for (const sample of [/^luna_process_up\{process="api"\} 1$/m, /^luna_process_up\{process="boot"\} 1$/m, /^luna_dhcp_packets_total\{kind="request",result="ack"\} [1-9]/m, /^luna_store_up 1$/m, /^luna_tftp_sent_bytes_total [1-9]/m]) {
      assert.match(text, sample);
    }
  });

  it('sum up what each service did', async () => {
    const services = (await call('GET', '/boot/status')).json as ServiceCounts[];

    const dhcp = services.find(({ service }) => service === 'dhcp');
    assert.ok((dhcp?.received.find(({ kind, result }) => kind === 'request' && result === 'ack')?.count ?? 0) >= 1);
    assert.ok((dhcp?.seconds ?? 0) > 0);
    assert.ok((services.find(({ service }) => service === 'tftp')?.bytes ?? 0) > 100_000);
  });

  it('show the swarm of an image while machines load it: drawn by the CLI, in sum, for Prometheus', async () => {
    await announce(0, 0, 'started');
    await announce(1, 0, 'started');
    const [stdout, status, text] = await whileTold([20_000_000, 0], async () => {
      let drawn = '';
      // What share is reached is not said before a second is over.
      await until(async () => /% of the bound.*40 %/s.test(drawn = (await cli.run('osimage', 'swarm', 'compute')).stdout), 90_000);
      return [drawn, await cli.run('provision', 'status'), await scrape()] as const;
    });

    assert.match(stdout, /^Swarm of compute: 2 machines \(2 loading\); .* the server sent 0\.40 copies.*; \d+ % of the bound, 4\.0 s over links of 100 Mbit\/s \(as the cards report\)$/m);
    // Who is above whom is the shape's business.
    assert.match(stdout, /^Stripe 2 of 3\nserver\n└─ node00[23] .*\n {3}└─ node00[23] /m);
    assert.match(stdout, /└─ node002 {2}40 %, .*\n/);
    assert.match(status.stdout, /^Swarm of compute: 2 machines/m);
    assert.match(text, /^luna_swarm_machines\{osimage="compute",part="tree",state="(loading|gone)"\} 2$/m);
    assert.match(text, /^luna_swarm_copies\{osimage="compute",part="tree"\} 0\.4$/m);
  });

  it('leave a record of a wave when all have the image, and say who was demoted and why', async () => {
    await announce(1, 25_000_000, '', `&bad=${INSTALLING[0].ip}`);
    await announce(0, IMAGE.size);
    await announce(1, IMAGE.size, '', '&uploaded=30000000');

    const waves = async (): Promise<SwarmRecord[]> => (await call('GET', '/osimages/compute/swarm/history')).json as SwarmRecord[];
    await until(async () => typeof (await waves())[0]?.endedAt === 'string', 90_000);
    const [wave] = await waves();
    assert.ok(wave);
    const { stdout } = await cli.run('osimage', 'swarm', 'compute', '--history');

    const { machines, done, bound, copies, lost, link, events } = wave;
    assert.deepEqual({ machines, done, bound, copies, lost, link }, { machines: 2, done: 2, bound: 4, copies: 1.4, lost: [], link: { mbit: 100, known: 'reported' } });
    assert.deepEqual(events.map(({ kind, nodes, why }) => `${kind} ${nodes.join()}: ${why}`), ['demoted node002: sent node003 what was not signed']);
    assert.ok(wave.share !== null && wave.share > 0);
    assert.match(stdout, /node002 demoted: sent node003 what was not signed/);
  });

  it('show the swarm of an initramfs beside that of the image', async () => {
    await announce(0, 2_500_000, 'started', '', INSTALLING[0].nonce, REST);
    await announce(0, 5_000_000, '', '', INSTALLING[0].nonce, REST);
    const { stdout } = await cli.run('osimage', 'swarm', 'compute');
    const text = await scrape();

    assert.match(stdout, /^Swarm of compute's initramfs: 1 machine \(1 loading\)/m);
    assert.match(stdout, /└─ node002 {2}50 %/);
    assert.match(text, /^luna_swarm_machines\{osimage="compute",part="initramfs",state="loading"\} 1$/m);
  });

  it('let no machine into a swarm with the nonce of another', async () => {
    const [, { nonce }] = INSTALLING;

    assert.match(await announce(0, 0, '', '', nonce), /failure reason.*the boot of node003 does not come from 10\.77\.0\.3/);
    assert.match(await scrape(), /^luna_swarm_refused_announces_total [1-9]/m);
  });

  /** An announce of one of the machines that are installed, as its peer would make it; the answer. */
  async function announce(which: 0 | 1, loaded: number, event = '', more = '', nonce: string = INSTALLING[which].nonce, of: typeof IMAGE | typeof REST = IMAGE): Promise<string> {
    const { ip } = INSTALLING[which];
    const host = installing[which] ??= await installed(which);
    const uploaded = more.includes('uploaded') ? '' : '&uploaded=0';
    const asked = `info_hash=${of.infoHash.replace(/../g, '%$&')}&peer_id=${ip.padEnd(20, '-')}&port=6881&compact=1&striped=1&downloaded=${loaded}&left=${of.size - loaded}${uploaded}${event === '' ? '' : `&event=${event}`}${more}`;
    return host.run('curl', '--silent', '--max-time', '60', `http://10.77.0.1:7050/announce?${asked}&nonce=${nonce}`);
  }

  /** Both machines tell how much they have, once in a second, while something is done: who is silent for ten is gone. */
  async function whileTold<T>(loaded: readonly [number, number], work: () => Promise<T>): Promise<T> {
    let over = false;
    const telling = (async () => {
      while (!over) await Promise.all([announce(0, loaded[0]), announce(1, loaded[1]), sleep(1000)]);
    })();
    try {
      return await work();
    } finally {
      over = true;
      await telling;
    }
  }

  async function installed(which: 0 | 1): Promise<LanHost> {
    const { mac, ip } = INSTALLING[which];
    const host = await lan.host(mac);
    await host.run('ip', 'addr', 'add', `${ip}/24`, 'dev', 'eth0');
    return host;
  }

  /** The trace of the machine when this service has been seen. */
  async function traced(service: Traced['service']): Promise<Traced[]> {
    let [after, seen]: [string, Traced[]] = [new Date(0).toISOString(), []];
    for (let asked = 0; asked < 10 && !seen.some((one) => one.service === service); asked += 1) {
      const more = (await call('GET', `/boot/trace/${NODE.name}?after=${after}&wait=10`)).json as Traced[];
      seen = [...seen, ...more].sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
      after = more.map(({ noted }) => noted).sort().at(-1) ?? after;
    }
    return seen;
  }

  function scrape(): Promise<string> {
    return new Promise((resolve, reject) => {
      get({ socketPath, path: '/metrics', agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => { text += part; }).on('end', () => { resolve(text); }).on('error', reject);
      }).on('error', reject);
    });
  }
});

/** Each with the one after it. */
const pairs = (all: readonly string[]): [string, string][] => all.slice(1).map((later, i) => [all[i] ?? '', later]);

/** Reads its log until it says where its data is. Rejects when it ends before. */
async function saidDataDir(instance: ChildProcess): Promise<string> {
  assert.ok(instance.stdout);
  for await (const line of createInterface({ input: instance.stdout })) {
    const { dataDir } = JSON.parse(line) as { dataDir?: string };
    if (dataDir !== undefined) {
      // What it logs from now on has to be read by somebody.
      instance.stdout.resume();
      return dataDir;
    }
  }
  throw new Error('the controller did not start');
}
