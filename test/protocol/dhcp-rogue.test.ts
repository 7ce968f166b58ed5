import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import type { RogueEvent, RogueView } from '../../domain/rogue-server.ts';
import { type CallApi, callApiAt } from '../support/call-api.ts';
import { readEvents, type SentEvent } from '../support/event-reader.ts';
import { createLan, type Lan, type LanHost } from '../support/lan.ts';

/** Starting an engine and two workers takes its time on a busy machine. */
const START_MS = 180_000;
/** What a server has to be noticed within. */
const NOTICED_MS = 30_000;
const FOREIGN = '52:54:00:77:00:66';

describe('a controller on a wire with another DHCP server', () => {
  let lan: Lan;
  let instance: ChildProcess;
  let socketPath: string;
  let call: CallApi;
  let foreign: LanHost;
  let events: Awaited<ReturnType<typeof readEvents>>;
  /** Messages of its log. */
  const logged: { event?: string; server?: string }[] = [];

  before(async () => {
    lan = await createLan();
    foreign = await lan.host(FOREIGN);
    instance = spawn('ip', ['netns', 'exec', lan.controller.namespace, process.execPath, join(import.meta.dirname, '../support/boot-instance.ts'), '{"dhcp_start":"10.77.0.100","dhcp_end":"10.77.0.120"}'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const dataDir = await saidDataDir(instance, logged);
    socketPath = join(dataDir, 'run/api.sock');
    call = callApiAt({ socketPath });
    events = await readEvents(socketPath);
  }, { timeout: START_MS });
  after(async () => {
    events?.close();
    if (instance.exitCode === null && instance.kill('SIGTERM')) await once(instance, 'exit');
    await lan.remove();
  });

  it('does not report itself, though it asks, and its own answers are broadcast', async () => {
    const machine = await lan.host('52:54:00:77:00:05');
    const output = await machine.run('udhcpc', '-i', 'eth0', '-n', '-q', '-B', '-t', '10', '-V', 'PXEClient:Arch:00007:UNDI:003016', '-x', '0x5d:0007', '-s', '/bin/true');
    await until(async () => (await now()).probes >= 2, 'its second question');

    assert.match(output, /lease of 10\.77\.0\.1\d\d obtained/);
    assert.deepEqual(await rogues(), []);
  });

  it('notices the server, and says so to who follows events and to who asks', async () => {
    // A subnet of its own, as of a home router that somebody plugged in: its answers come from where no route leads.
    await foreign.run('ip', 'addr', 'add', '192.168.66.1/24', 'dev', 'eth0');
    void foreign.run('dnsmasq', '--no-daemon', '--port=0', '--bind-interfaces', '--interface=eth0', '--conf-file=/dev/null', '--no-ping', '--leasefile-ro', '--dhcp-range=192.168.66.50,192.168.66.60,1h', '--dhcp-boot=rogue.0', '--user=root');
    const began = Date.now();
    const seen = await rogueEvent(({ present }) => present);
    const noticed = Date.now() - began;
    const listed = await rogues();

    assert.ok(noticed < NOTICED_MS, `noticed after ${noticed} ms`);
    const { server, mac, device, network, sign } = seen;
    assert.deepEqual({ server, mac, device, network, sign }, { server: '192.168.66.1', mac: FOREIGN, device: 'br0', network: 'cluster', sign: 'answer' });
    assert.match(seen.offered, /^offers 192\.168\.66\.\d+, boot file rogue\.0$/);
    assert.deepEqual(listed.map((one) => one.server), ['192.168.66.1']);
    assert.equal((await now()).servers, 1);
    assert.deepEqual(logged.filter(({ event }) => event === 'dhcp.rogue').map((line) => line.server), ['192.168.66.1']);
  });

  it('notices it as well by a machine that takes its address', async () => {
    const machine = await lan.host('52:54:00:77:00:07');
    // It gives no address by itself: it only says which server it chose.
    await machine.run('ip', 'addr', 'add', '10.77.0.70/24', 'dev', 'eth0');
    await machine.run('python3', '-c', choosing('52:54:00:77:00:07', '10.77.0.99'));

    const seen = await rogueEvent(({ server }) => server === '10.77.0.99');

    assert.deepEqual([seen.sign, seen.offered], ['request', 'gave 52:54:00:77:00:07 its address']);
  });

  async function rogues(): Promise<RogueView[]> {
    return (await call('GET', '/boot/rogues')).json as RogueView[];
  }

  /** What the watch counts. */
  async function now(): Promise<{ servers: number; probes: number }> {
    const services = (await call('GET', '/boot/status')).json as { service: string; received: { kind: string; count: number }[]; now: Record<string, number> }[];
    const watch = services.find(({ service }) => service === 'rogue');
    return { servers: watch?.now['servers'] ?? 0, probes: watch?.received.find(({ kind }) => kind === 'probe')?.count ?? 0 };
  }

  async function rogueEvent(wanted: (event: RogueEvent) => boolean): Promise<RogueEvent> {
    const found = (): RogueEvent | undefined => events.seen.filter((one: SentEvent) => one.event === 'dhcp.rogue').map(({ data }) => JSON.parse(data) as RogueEvent).find(wanted);
    await until(async () => found() !== undefined, 'an event');
    return found() as RogueEvent;
  }
});

/** A program that broadcasts a REQUEST which names the server it chose (RFC 2131 §4.3.2, SELECTING). */
function choosing(mac: string, server: string): string {
  const header = `bytes([1,1,6,0])+b'abcd'+bytes(20)+bytes.fromhex('${mac.replaceAll(':', '')}')+bytes(202)`;
  return [
    'import socket',
    's=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)',
    's.setsockopt(socket.SOL_SOCKET,socket.SO_BROADCAST,1)',
    's.setsockopt(socket.SOL_SOCKET,25,b"eth0")',
    's.bind(("",68))',
    `s.sendto(${header}+bytes([99,130,83,99,53,1,3,50,4,10,77,0,70,54,4])+socket.inet_aton("${server}")+bytes([255]),("255.255.255.255",67))`,
  ].join('\n');
}

async function until(done: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; !await done(); await sleep(100)) if (Date.now() > end) throw new Error(`${what} did not come within a minute`);
}

/** Reads its log until it says where its data is, and keeps what it says from then on. Rejects when it ends before. */
async function saidDataDir(instance: ChildProcess, logged: object[]): Promise<string> {
  assert.ok(instance.stdout);
  const said = Promise.withResolvers<string>();
  createInterface({ input: instance.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as { dataDir?: string };
    logged.push(message);
    if (message.dataDir !== undefined) said.resolve(message.dataDir);
  });
  instance.once('exit', () => { said.reject(new Error('the controller did not start')); });
  return said.promise;
}
