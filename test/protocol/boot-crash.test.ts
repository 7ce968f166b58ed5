import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it, type TestContext } from 'node:test';
import { loadConfig } from '../../infra/config.ts';
import { readState } from '../../infra/engine/state-file.ts';
import { type Begun, beginOn } from '../support/begun-process.ts';
import type { Heard } from '../support/boot-storm.ts';
import { SITE } from '../support/crash-site.ts';
import { killPart } from '../support/kill-part.ts';
import { createLan, type Lan, type LanHost } from '../support/lan.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { download, type Transfer } from '../support/transfers.ts';
import { until } from '../support/until.ts';

/** No step takes that long, even on a machine that is busy with others. */
const STEP_MS = 90_000;
/** Transfers by each protocol. */
const TRANSFERS = 50;
/** By HTTP more than the four megabytes that the kernel still delivers after the crash. */
const FILES = { http: { name: 'crash-http', bytes: randomBytes(10_000_000) }, tftp: { name: 'crash-tftp', bytes: randomBytes(400_000) } };

/** An ACK or NAK, and when it was heard (milliseconds). */
type Noted = Heard & { at: number };

describe('a boot process that is killed while 500 machines a second boot and a hundred transfers are under way', () => {
  const noted: Noted[] = [];
  const transfers: Record<'http' | 'tftp', Transfer[]> = { http: [], tftp: [] };
  let lan: Lan;
  let machines: LanHost;
  let tftp: LanHost;
  let instance: Begun;
  /** What had been heard before the crash. */
  let known: Noted[];
  /** How many transfers were in the middle when it came. */
  let halfway: Record<'http' | 'tftp', number>;

  before(async () => {
    lan = await createLan();
    await lan.controller.run('ip', 'addr', 'add', `${SITE.controller}/${SITE.prefix}`, 'dev', 'br0');
    machines = await hostWith('52:54:00:80:01:01', [SITE.relay]);
    instance = beginOn(lan.controller, process.execPath, join(import.meta.dirname, '../support/supervised-boot.ts'));
    const config = loadConfig({ LUNA_DATA: await saidDataDir(instance), LUNA_CONF: '/dev/null' });
    mkdirSync(config.bootDir, { recursive: true });
    for (const { name, bytes } of Object.values(FILES)) writeFileSync(join(config.bootDir, name), bytes);

    const storm = beginOn(machines, process.execPath, join(import.meta.dirname, '../support/boot-storm.ts'));
    assert.ok(storm.child.stdout && storm.child.stdin);
    createInterface({ input: storm.child.stdout }).on('line', (line) => { noted.push({ ...JSON.parse(line) as Heard, at: Date.now() }); });
    await until(() => noted.length >= 1000, STEP_MS);
    await beginTransfers();
    const all = [...transfers.http, ...transfers.tftp];
    await until(() => all.every((one) => one.arrived() > 0), STEP_MS);

    await killPart(config.dataDir, 'boot');
    known = [...noted];
    await tftp.run('tc', 'qdisc', 'del', 'dev', 'eth0', 'root');
    const inTheMiddle = (kind: 'http' | 'tftp'): number => transfers[kind].filter((one) => one.arrived() < FILES[kind].bytes.length).length;
    halfway = { http: inTheMiddle('http'), tftp: inTheMiddle('tftp') };
    await until(() => readState(config)?.parts.some(({ name, state, restarts }) => name === 'boot' && state === 'ready' && restarts > 0) === true, STEP_MS);

    await until(() => noted.length >= known.length + 500, STEP_MS);
    storm.child.stdin.end();
    assert.deepEqual(await Promise.all([storm, ...all].map(({ ended }) => ended)), [storm, ...all].map(() => 0));
  }, { timeout: 4 * STEP_MS });
  after(async () => {
    instance?.child.kill('SIGTERM');
    await instance?.ended;
    await lan?.remove();
  });

  async function hostWith(mac: string, addresses: readonly string[]): Promise<LanHost> {
    const host = await lan.host(mac);
    await host.run('sh', '-c', addresses.map((address) => `ip addr add ${address}/${SITE.prefix} dev eth0`).join('; '));
    return host;
  }

  /** As many machines as transfers fetch, each from an address of its own. */
  async function beginTransfers(): Promise<void> {
    const folder = temporaryFolder('crash');
    const addresses = (third: number): string[] => Array.from({ length: TRANSFERS }, (_, at) => `10.80.${third}.${at + 1}`);
    const http = await hostWith('52:54:00:80:01:02', addresses(2));
    tftp = await hostWith('52:54:00:80:01:03', addresses(3));
    // What waits in the machines' kernels has not arrived. Their acknowledgements by TFTP creep until the crash.
    await http.run('sysctl', '-w', 'net.ipv4.tcp_rmem=4096 65536 65536');
    await tftp.run('tc', 'qdisc', 'add', 'dev', 'eth0', 'root', 'tbf', 'rate', '200kbit', 'burst', '2kb', 'limit', '1mb');
    for (const [at, address] of addresses(2).entries()) {
      transfers.http.push(download(http, at % 2 === 0 ? 'wget' : 'curl', { url: `${SITE.controller}:7050/boot/${FILES.http.name}`, address, folder }));
      transfers.tftp.push(download(tftp, 'tftp', { url: `${SITE.controller}/boot/${FILES.tftp.name}`, address: `10.80.3.${at + 1}`, folder }));
    }
  }

  it('gives no address to two machines, and none a second one', (t) => {
    const holders = new Map<string, Noted>();
    const wrong: string[] = [];
    for (const one of noted.filter(({ kind }) => kind === 'ack')) {
      const [holder, own] = [holders.get(one.ip), holders.get(one.mac)];
      if (holder !== undefined && holder.mac !== one.mac && holder.at + holder.seconds * 1000 > one.at) wrong.push(`${one.ip} of ${holder.mac} was given to ${one.mac}`);
      if (own !== undefined && own.ip !== one.ip) wrong.push(`${one.mac} had ${own.ip} and was given ${one.ip}`);
      holders.set(one.ip, one).set(one.mac, one);
    }

    assert.deepEqual(wrong, []);
    assert.ok(SITE.nodes.every(({ mac, ip }) => holders.get(mac)?.ip === ip));
    t.diagnostic(`${holders.size / 2} machines have an address, ${noted.length - known.length} of ${noted.length} answers came after the crash`);
  });

  it('extends every lease that it gave before', (t) => {
    const extended = new Map(noted.filter((one) => one.extends).map((one) => [one.mac, `${one.kind} ${one.ip}`]));
    const before = new Map(known.filter(({ kind }) => kind === 'ack').map(({ mac, ip }) => [mac, ip]));

    assert.deepEqual([...before].filter(([mac, ip]) => extended.get(mac) !== `ack ${ip}`), []);
    assert.ok(before.size > SITE.nodes.length);
    t.diagnostic(`${before.size} of before and ${extended.size - before.size} of after`);
  });

  it('sends every file by HTTP whole, from where it was', (t) => {
    const resumed = transfers.http.filter((one) => /206 Partial Content/.test(one.log())).length;

    wholeAll(t, 'http', resumed);
  });

  it('sends every file by TFTP whole, from the beginning', (t) => {
    const anew = transfers.tftp.filter((one) => one.log().includes('anew')).length;

    wholeAll(t, 'tftp', anew);
  });

  it('boots machines', async () => {
    for (const { name, mac } of SITE.nodes.slice(0, 3)) {
      const script = await machines.run('curl', '--silent', '--max-time', '50', `http://${SITE.controller}:7050/luna?step=boot&mac=${mac}`);
      assert.match(script, new RegExp(`^#!ipxe[^]*${name}`));
    }
  });

  function wholeAll(t: TestContext, kind: 'http' | 'tftp', interrupted: number): void {
    // Byte by byte: a digest of half a gigabyte takes longer.
    assert.equal(transfers[kind].filter((one) => one.content().equals(FILES[kind].bytes)).length, TRANSFERS);
    assert.ok(interrupted > 0);
    t.diagnostic(`${halfway[kind]} of ${TRANSFERS} were in the middle, ${interrupted} were interrupted`);
  }
});

/** Reads what it says until it says where its data is. Throws when it ends before. */
async function saidDataDir({ child }: Begun): Promise<string> {
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) return (JSON.parse(line) as { dataDir: string }).dataDir;
  throw new Error('the controller did not start');
}
