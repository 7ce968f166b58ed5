import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { PacketService } from '../../infra/boot/packet-service.ts';
import { mappedFiles } from '../../infra/boot/tftp/files.ts';
import { decode, encode, type TftpPacket } from '../../infra/boot/tftp/packet.ts';
import { startTftp } from '../../infra/boot/tftp/server.ts';
import type { BootRecord } from '../../domain/boot-record.ts';
import { silentMeter } from '../support/silent-meter.ts';
import { capture, tftpCaptures } from '../support/captures.ts';
import { lossyRelay } from '../support/lossy-relay.ts';
import { mutations } from '../support/mutations.ts';
import { recordedLog } from '../support/recorded-log.ts';

const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), 'luna-tftp-'));
const sizes = { empty: 0, small: 100, whole: 512 * 20, large: 74_213, huge: 65_537 * 8 + 3 };
for (const [name, size] of Object.entries(sizes)) {
  writeFileSync(join(directory, name), Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 8)) & 255));
}
const names = Object.fromEntries(Object.keys(sizes).map((name) => [name, name]));

const log = recordedLog();
const records: BootRecord[] = [];
const counted: string[] = [];
let server: PacketService;
let port: number;
let behindFirewall: PacketService;
let onlyPort: number;
const open: dgram.Socket[] = [];

before(async () => {
  const files = mappedFiles({ directories: [directory], names });
  const interfaces = () => [{ name: 'lo', address: '127.0.0.1' }];
  const meter = { ...silentMeter, packet: (kind: string, result: string) => void counted.push(`${kind} ${result}`) };
  const settings = { interfaces, files, log, meter, seen: (record: BootRecord) => void records.push(record), port: 0 };
  server = await startTftp({ ...settings, limits: { all: 6, perClient: 3, rate: 1000 } });
  behindFirewall = await startTftp({ ...settings, singlePort: true, limits: { all: 100, perClient: 100, rate: 10 } });
  [port = 0, onlyPort = 0] = [server, behindFirewall].map(({ addresses }) => Number(/:(\d+) on lo$/.exec(addresses[0] ?? '')?.[1]));
});
after(async () => {
  await server.stop();
  await behindFirewall.stop();
  rmSync(directory, { recursive: true });
});

const target = join(directory, 'received');
const atftpOptions = ['--option', 'tsize 0', '--option', 'blksize 1024'];
/** Command lines by client. */
const clients: Record<string, (name: string, at: number) => [string, ...string[]]> = {
  curl: (name, at) => ['curl', '-sS', '--tftp-blksize', '1428', '-o', target, `tftp://127.0.0.1:${at}/${name}`],
  'curl without options': (name, at) => ['curl', '-sS', '--tftp-no-options', '-o', target, `tftp://127.0.0.1:${at}/${name}`],
  'tftp-hpa': (name, at) => ['tftp', '-m', 'binary', '127.0.0.1', `${at}`, '-c', 'get', name, target],
  'tftp-hpa in netascii': (name, at) => ['tftp', '-m', 'ascii', '127.0.0.1', `${at}`, '-c', 'get', name, target],
  atftp: (name, at) => ['atftp', '-g', '-r', name, '-l', target, ...atftpOptions, '127.0.0.1', `${at}`],
  'atftp in windows': (name, at) => ['atftp', '-g', '-r', name, '-l', target, ...atftpOptions, '--option', 'windowsize 8', '127.0.0.1', `${at}`],
  busybox: (name, at) => ['busybox', 'tftp', '-g', '-b', '1456', '-r', name, '-l', target, '127.0.0.1', `${at}`],
};

/** Downloads with a real client and returns what arrived. */
async function download(client: string, name: string, at = port): Promise<Buffer> {
  rmSync(target, { force: true });
  const [program, ...args] = clients[client]?.(name, at) ?? [client];
  await run(program, args, { timeout: 20_000 });
  return readFileSync(target);
}

interface RawClient {
  send(packet: TftpPacket | Uint8Array, to?: number): void;
  /** The next packet for it, or null when none comes for a while. */
  next(): Promise<{ packet: TftpPacket; from: number } | null>;
}

/** Waits for something to come true, and lets the assertion after it fail if it doesn't. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let round = 0; round < 1000 && !isTrue(); round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A client that does only what the test says. */
async function client(): Promise<RawClient> {
  const socket = dgram.createSocket('udp4');
  const queue: { packet: TftpPacket; from: number }[] = [];
  socket.on('message', (data, from) => queue.push({ packet: decode(data), from: from.port }));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  open.push(socket);
  return {
    send: (packet, to = port) => socket.send(packet instanceof Uint8Array ? packet : encode(packet), to, '127.0.0.1'),
    async next() {
      for (let round = 0; round < 40 && queue.length === 0; round += 1) await new Promise((resolve) => setTimeout(resolve, 10));
      return queue.shift() ?? null;
    },
  };
}
after(() => open.forEach((socket) => socket.close()));

function read(file: string, options: Record<string, string> = {}, mode = 'octet'): TftpPacket {
  return { type: 'read', file, mode, options: new Map(Object.entries(options)) };
}

describe('a TFTP server among real clients', () => {
  for (const name of Object.keys(clients)) {
    for (const file of Object.keys(sizes)) {
      // curl takes a size of 0 in an OACK for an error.
      if (name === 'curl' && file === 'empty') continue;
      if (file === 'huge') continue;
      it(`sends ${file} to ${name} unharmed`, async () => {
        assert.deepEqual(await download(name, file), readFileSync(join(directory, file)));
      });
    }
  }

  for (const name of ['curl', 'atftp', 'atftp in windows', 'tftp-hpa']) {
    it(`gets every byte to ${name} across a wire that loses one packet in ten`, async () => {
      let count = 0;
      const relay = await lossyRelay(port, () => (count += 7) % 10 === 0);
      const received = await download(name, 'large', relay.port).finally(relay.stop);

      assert.deepEqual(received, readFileSync(join(directory, 'large')));
      assert.ok(relay.lost() > 2);
    });
  }

  it('sends more than 65535 blocks', async () => {
    rmSync(target, { force: true });
    await run('curl', ['-sS', '--tftp-blksize', '8', '-o', target, `tftp://127.0.0.1:${port}/huge`], { timeout: 60_000 });

    assert.deepEqual(readFileSync(target), readFileSync(join(directory, 'huge')));
  });

  for (const name of ['curl', 'tftp-hpa', 'atftp in windows', 'busybox']) {
    it(`sends large to ${name} from the one port that a firewall knows`, async () => {
      assert.deepEqual(await download(name, 'large', onlyPort), readFileSync(join(directory, 'large')));
    });
  }

  it('serves many clients at once from the one port', async () => {
    const all = Array.from({ length: 8 }, (_, one) => join(directory, `received-${one}`));
    await Promise.all(all.map((path) => run('curl', ['-sS', '-o', path, `tftp://127.0.0.1:${onlyPort}/large`], { timeout: 60_000 })));

    for (const path of all) assert.deepEqual(readFileSync(path), readFileSync(join(directory, 'large')));
  });

  it('tells what it saw of a client, and what came of it', async () => {
    records.splice(0);
    await download('curl', 'large');
    await until(() => records.length > 1);

    const [request, end] = records;
    assert.deepEqual([request?.ip, request?.saw, request?.facts['blksize']], ['127.0.0.1', 'RRQ large', 1428]);
    assert.match(request?.answered ?? '', /^OACK blksize 1428 .*tsize 74213/);
    assert.deepEqual([end?.saw, end?.facts['outcome'], end?.facts['bytes']], ['last ACK of large', 'done', 74_213]);
    assert.match(end?.answered ?? '', /^sent 75 KB in \d+ ms$/);
    assert.deepEqual(counted.slice(-2), ['rrq served', 'transfer done']);
  });

  for (const path of ['../../../etc/passwd', '/etc/passwd', 'small/../../etc/passwd', '..\\etc\\passwd', 'no-such-file']) {
    it(`refuses ${path}`, async () => {
      const { send, next } = await client();
      send(read(path));

      assert.deepEqual((await next())?.packet, { type: 'error', code: 1, message: 'no such file' });
    });
  }
});

describe('a TFTP server on its own', () => {
  it('refuses to be written to', async () => {
    const { send, next } = await client();
    send({ type: 'write', file: 'small', mode: 'octet', options: new Map() });

    assert.deepEqual((await next())?.packet, { type: 'error', code: 2, message: 'read only' });
  });

  it('refuses the mail mode', async () => {
    const { send, next } = await client();
    send(read('small', {}, 'mail'));

    const answer = (await next())?.packet;
    assert.equal(answer?.type === 'error' && answer.code, 4);
  });

  it('answers from a port of its own, and with the options granted', async () => {
    const { send, next } = await client();
    send(read('large', { TSIZE: '0', blksize: '1428', windowsize: '8' }));

    const answer = await next();
    assert.deepEqual(answer?.packet, { type: 'oack', options: new Map([['blksize', '1428'], ['windowsize', '8'], ['tsize', '74213']]) });
    assert.notEqual(answer?.from, port);
  });

  it('begins one transfer for a request that comes twice', async () => {
    const { send, next } = await client();
    send(read('small'));
    send(read('small'));
    const first = await next();
    assert.ok(first);
    send({ type: 'ack', block: 1 }, first.from);

    assert.equal(await next(), null);
  });

  it('begins anew for a client that asks for another file from the same port', async () => {
    const { send, next } = await client();
    send(read('large', { tsize: '0' }));
    const first = await next();
    send(read('small'));
    const second = await next();

    assert.deepEqual([first?.packet.type, second?.packet.type === 'data' && second.packet.data.length], ['oack', 100]);
    assert.notEqual(second?.from, first?.from);
  });

  it('drops what a client asks beyond its rate, and serves it again later', async () => {
    const { send, next } = await client();
    const since = counted.length;
    for (let asked = 0; asked < 40; asked += 1) send(read(`none-${asked}`), onlyPort);
    await until(() => counted.length >= since + 40);

    const results = counted.slice(since);
    assert.ok(results.includes('rrq limited') && results.includes('rrq not-found'), results.join());
    while ((await next()) !== null) continue;
    assert.deepEqual(await download('curl', 'small', onlyPort), readFileSync(join(directory, 'small')));
  });

  it('lets a stranger not into a transfer', async () => {
    const [owner, stranger] = [await client(), await client()];
    owner.send(read('large'));
    const first = await owner.next();
    assert.ok(first);
    stranger.send({ type: 'ack', block: 1 }, first.from);

    const answer = (await stranger.next())?.packet;
    assert.equal(answer?.type === 'error' && answer.code, 5);
    owner.send({ type: 'ack', block: 1 }, first.from);
    let next = await owner.next();
    while (next?.packet.type === 'data' && next.packet.block === 1) next = await owner.next();
    assert.equal(next?.packet.type === 'data' && next.packet.block, 2);
  });

  it('gives a client’s oldest transfer up when it begins more than it may', async () => {
    const since = log.events.length;
    const four = await Promise.all([1, 2, 3, 4].map(() => client()));
    for (const { send } of four) send(read('large'));
    await four[3]?.next();

    const reasons = log.events.slice(since).flatMap(({ event, data }) => (event === 'tftp.gave-up' ? [data['reason']] : []));
    assert.ok(reasons.includes('the same client began others'));
  });

  it('goes on after thousands of damaged packets', async () => {
    const { send } = await client();
    let sent = 0;
    for (const name of tftpCaptures) {
      for (const bytes of mutations(capture(name), 700, 9)) {
        send(bytes);
        // The loopback would lose what comes faster than it is read.
        if ((sent += 1) % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }

    assert.deepEqual(await download('curl', 'large'), readFileSync(join(directory, 'large')));
  });
});
