import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDnsLan, type DnsHost, type DnsLan, type DnsServer } from '../support/dns-lan.ts';

/** The text of a zone of the site's own. */
const INCLUDE = `www IN CNAME node001
@ IN MX 10 mail
mail 60 IN A 10.77.0.99
_ssh._tcp SRV 0 5 22 node001
note TXT "two words" plain
*.apps A 10.77.0.98
outside CNAME host.example.test.
key SSHFP 4 2 ( 0123456789abcdef0123456789abcdef
                0123456789abcdef0123456789abcdef )
many ${Array.from({ length: 60 }, (_, i) => `A 10.77.1.${i + 1}`).join('\n     ')}
wrong A not-an-address
`;

function site(firstAddress = 1) {
  return {
    cluster: { frontend_address: '10.77.0.1', dns_forwarders: ['10.99.0.2'], dns_secondaries: ['10.77.0.2'] },
    networks: {
      cluster: { network: '10.77.0.0', prefix: 24, include: INCLUDE },
      ipmi: { network: '10.78.0.0', prefix: 24 },
      v6: { network: 'fd77::', prefix: 64 },
    },
    groups: { compute: { osimage: 'x', interfaces: [{ id: 'b', name: 'BMC', network: 'ipmi' }, { id: 'i', name: 'BOOTIF', network: 'cluster', network6: 'v6' }] } },
    nodes: { node001: { group: 'compute', addresses: { i: 10 + firstAddress, b: 10 }, addresses6: { i: '16' } }, node002: { group: 'compute', addresses: { i: 20, b: 20 } } },
  };
}

/** BIND as a process that stays in the foreground. */
function namedConf(folder: string, listen: string, zone: string): string {
  return `options { directory "${folder}"; listen-on { ${listen}; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion no; dnssec-validation no; };
controls { };
${zone}\n`;
}

describe('the DNS service', { skip: process.getuid?.() === 0 ? false : 'needs root' }, () => {
  let lan: DnsLan;
  let server: DnsServer;
  let node: DnsHost;
  let stranger: DnsHost;
  let secondary: DnsHost;
  const folder = mkdtempSync(join(tmpdir(), 'luna-dns-'));
  const dig = (from: DnsHost, ...args: string[]) => from.run('dig', '@10.77.0.1', '+tries=5', '+timeout=3', ...args);
  const short = async (...args: string[]) => (await dig(node, '+short', ...args)).trim();

  before(async () => {
    lan = await createDnsLan('10.77.0.1/24', '10.99.0.1/24', 'fd77::1/64');
    node = await lan.host('node', '10.77.0.5/24', 'fd77::5/64');
    await node.run('ip', 'route', 'add', '10.99.0.0/24', 'dev', 'eth0');
    stranger = await lan.host('stranger', '10.99.0.3/24');
    await stranger.run('ip', 'route', 'add', '10.77.0.0/24', 'dev', 'eth0');
    secondary = await lan.host('second', '10.77.0.2/24');
    server = await lan.serve({ site: site(), addresses: ['10.77.0.1', '10.99.0.1', 'fd77::1'] });
  });
  after(async () => {
    await lan.remove();
    rmSync(folder, { recursive: true });
  });

  it('tells dig the addresses of every network, and the names behind them', async () => {
    assert.equal(await short('node001.cluster'), '10.77.0.11');
    assert.equal(await short('node001.ipmi'), '10.78.0.10');
    assert.equal(await short('node001.cluster', 'AAAA'), 'fd77::10');
    assert.equal(await short('-x', '10.77.0.11'), 'node001.cluster.');
    assert.equal(await short('-x', 'fd77::10'), 'node001.cluster.');
    assert.equal((await node.run('dig', '@fd77::1', '+short', 'node002.cluster')).trim(), '10.77.0.20');
  });

  it('answers with authority, and repeats the case it was asked in', async () => {
    const said = await dig(node, 'NoDe001.ClusteR');

    assert.match(said, /status: NOERROR.*\n;; flags: qr aa rd ra;/);
    assert.match(said, /^;NoDe001\.ClusteR\.\s+IN\s+A$/m);
    assert.match(said, /^NoDe001\.ClusteR\.\s+3600\s+IN\s+A\s+10\.77\.0\.11$/m);
    assert.match(said, /EDNS: version: 0, flags:; udp: 1232/);
  });

  it('tells a name that is not there from one that has nothing of the kind', async () => {
    const soa = /^cluster\.\s+300\s+IN\s+SOA\s+luna\.cluster\. root\.luna\.cluster\. \d+ 3600 600 604800 300$/m;
    const absent = await dig(node, 'node999.cluster');
    const empty = await dig(node, 'node002.cluster', 'AAAA');
    const between = await dig(node, '_tcp.cluster');

    assert.match(absent, /status: NXDOMAIN/);
    assert.match(absent, soa);
    for (const said of [empty, between]) {
      assert.match(said, /status: NOERROR/);
      assert.match(said, /ANSWER: 0, AUTHORITY: 1/);
      assert.match(said, soa);
    }
  });

  it("tells drill what the network's own text holds, and passes over what is wrong in it", async () => {
    const drill = (...args: string[]) => node.run('drill', '@10.77.0.1', ...args);

    assert.match(await drill('www.cluster'), /^www\.cluster\.\s+3600\s+IN\s+CNAME\s+node001\.cluster\.\nnode001\.cluster\.\s+3600\s+IN\s+A\s+10\.77\.0\.11$/m);
    assert.match(await drill('cluster', 'MX'), /^cluster\.\s+3600\s+IN\s+MX\s+10 mail\.cluster\.$[^]*^mail\.cluster\.\s+60\s+IN\s+A\s+10\.77\.0\.99$/m);
    assert.match(await drill('_ssh._tcp.cluster', 'SRV'), /SRV\s+0 5 22 node001\.cluster\.$/m);
    assert.match(await drill('note.cluster', 'TXT'), /TXT\s+"two words" "plain"$/m);
    assert.match(await drill('any.apps.cluster'), /^any\.apps\.cluster\.\s+3600\s+IN\s+A\s+10\.77\.0\.98$/m);
    assert.match(await drill('key.cluster', 'SSHFP'), /SSHFP\s+4 2 0123456789abcdef/i);
    assert.match(await drill('wrong.cluster'), /rcode: NXDOMAIN/);
  });

  it('satisfies delv', async () => {
    assert.match(await node.run('delv', '-i', '@10.77.0.1', 'node001.cluster'), /^node001\.cluster\.\s+3600\s+IN\s+A\s+10\.77\.0\.11$/m);
  });

  it('sends by TCP what is too long for a datagram', async () => {
    const byDatagram = await dig(node, '+ignore', '+bufsize=512', 'many.cluster');
    const whole = await dig(node, '+noedns', 'many.cluster');

    assert.match(byDatagram, /flags: qr aa tc/);
    assert.match(byDatagram, /ANSWER: 0/);
    assert.match(whole, /Truncated, retrying in TCP mode/);
    assert.match(whole, /ANSWER: 60/);
  });

  it('gives little to ANY, and to versions of EDNS that are not there yet', async () => {
    assert.match(await dig(node, '+notcp', 'cluster', 'ANY'), /ANSWER: 1,/);
    assert.match(await dig(node, '+edns=1', '+noednsnegotiation', 'node001.cluster'), /status: BADVERS/);
    assert.match(await dig(node, '+opcode=update', 'cluster', 'SOA'), /status: NOTIMP/);
  });

  describe('and other servers', () => {
    before(async () => {
      const upstream = await lan.host('upstream', '10.99.0.2/24');
      writeFileSync(join(folder, 'example'), '$TTL 600\n@ IN SOA ns root 1 1 1 1 60\n@ IN NS ns\nns IN A 10.99.0.2\nhost IN A 192.0.2.1\nalias IN CNAME host\n');
      writeFileSync(join(folder, 'upstream.conf'), namedConf(folder, '10.99.0.2', 'zone "example.test" { type primary; file "example"; };'));
      const named = await upstream.start(/ running$/m, 'named', '-g', '-n', '1', '-c', join(folder, 'upstream.conf'));
      stopUpstream = () => named.kill('SIGKILL');
    });
    let stopUpstream: () => void;

    it('asks them for machines of the site', async () => {
      const said = await dig(node, 'alias.example.test');

      assert.match(said, /status: NOERROR.*\n;; flags: qr rd ra;/);
      assert.match(said, /^host\.example\.test\.\s+600\s+IN\s+A\s+192\.0\.2\.1$/m);
      assert.match(await dig(node, 'absent.example.test'), /status: NXDOMAIN[^]*SOA\s+ns\.example\.test/);
    });

    it('goes on where a name of the site means one of theirs', async () => {
      assert.equal(await short('outside.cluster'), 'host.example.test.\n192.0.2.1');
    });

    it('refuses that to everybody else', async () => {
      const said = await dig(stranger, 'host.example.test');

      assert.match(said, /status: REFUSED.*\n;; flags: qr rd;/);
      assert.match(await dig(stranger, 'node001.cluster'), /status: NOERROR.*\n;; flags: qr aa rd;/);
    });

    it('remembers what they said when they are gone', async () => {
      await short('host.example.test');
      stopUpstream();

      assert.equal(await short('host.example.test'), '192.0.2.1');
      assert.match(await dig(node, 'unheard.example.test'), /status: SERVFAIL/);
      assert.equal(await short('node001.cluster'), '10.77.0.11');
    });
  });

  describe('and whole zones', () => {
    const copy = () => readFileSync(join(folder, 'copy'), 'utf8');
    const askedOfSecondary = async () => (await secondary.run('dig', '@10.77.0.2', '+short', 'node001.cluster')).trim();

    before(async () => {
      writeFileSync(join(folder, 'secondary.conf'), namedConf(folder, '10.77.0.2', 'zone "cluster" { type secondary; primaries { 10.77.0.1; }; file "copy"; masterfile-format text; };'));
      await secondary.start(/zone cluster\/IN: transferred serial/, 'named', '-g', '-n', '1', '-c', join(folder, 'secondary.conf'));
    });

    it('refuses them to whom it was not told of', async () => {
      for (const host of [node, stranger]) {
        assert.match(await dig(host, 'cluster', 'AXFR'), /Transfer failed/);
        assert.match(await dig(host, 'cluster', 'IXFR=1'), /Transfer failed|status: REFUSED/);
      }
    });

    it('gives them to a secondary, whose copy named-checkzone finds right', async () => {
      assert.equal(await askedOfSecondary(), '10.77.0.11');
      const found = await secondary.run('named-checkzone', '-i', 'local', 'cluster', join(folder, 'copy'));
      assert.match(found, /loaded serial \d+[^]*OK$/m);
      assert.match(copy(), /node001[^]*10\.77\.0\.11/);
    });

    it('tells the secondary of a change, by a higher serial', async () => {
      const serial = async () => Number((await short('cluster', 'SOA')).split(' ')[2]);
      const before = await serial();
      await server.declare(site(2));

      const deadline = Date.now() + 30_000;
      while (await askedOfSecondary() !== '10.77.0.12' && Date.now() < deadline) await sleep(100);

      assert.equal(await askedOfSecondary(), '10.77.0.12');
      assert.ok(await serial() > before);
      assert.ok(server.events.some(({ event, server: told }) => event === 'dns.notified' && told === '10.77.0.2'));
    });

    it('answers IXFR by the whole zone, and by its serial where that is known already', async () => {
      const serial = (await short('cluster', 'SOA')).split(' ')[2];

      assert.match(await dig(secondary, '+tcp', 'cluster', 'IXFR=1'), /XFR size: (7|8|9)\d records/);
      assert.match(await dig(secondary, '+tcp', 'cluster', `IXFR=${serial}`), /XFR size: 1 records/);
    });
  });

  it('answers on while others talk nonsense or say nothing', async () => {
    const nonsense = `const s = require('dgram').createSocket('udp4'); let left = 2000;
      const c = Array.from({length: 40}, () => require('net').connect(53, '10.77.0.1').on('error', () => 0));
      for (let i = 0; i < 2000; i++) s.send(require('crypto').randomBytes(i % 80), 53, '10.77.0.1', () => { if (--left === 0) process.exit(); });`;

    await Promise.all([stranger.run(process.execPath, '-e', nonsense), node.run(process.execPath, '-e', nonsense)]);

    assert.equal(await short('node002.cluster'), '10.77.0.20');
    assert.equal(await short('+tcp', 'node002.cluster'), '10.77.0.20');
  });
});
