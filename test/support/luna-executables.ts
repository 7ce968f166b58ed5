import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ipmiSim } from './ipmi-sim.ts';
import type { TutorialHost } from './tutorial-host.ts';

/** The commands beside luna itself (luna-1 §1.8), on the host that the tutorial has made. */
export function lunaExecutables(hosted: () => TutorialHost): void {
  /** Runs a line; its output and exit code as one text. */
  const said = async (line: string): Promise<string> => {
    const { stdout, stderr, code } = await hosted().run(line);
    return `${stdout}${stderr}${code}`;
  };

  describe('luna', () => {
    it('takes its one global option before the object too, and -h anywhere', async () => {
      for (const line of ['luna -d node list', 'luna --debug node list', 'luna node list']) assert.match(await said(line), /\| node001 [^]*0$/);
      for (const line of ['luna -h', 'luna node -h', 'luna node change -h', 'lpower -h', 'lweb -h', 'ltorrent -h', 'lchroot -h']) assert.match(await said(line), /0$/, line);
    });

    it('exits with 2 for wrong usage, with 255 for what is refused', async () => {
      assert.match(await said('luna node change node001 --sevice y'), /2$/);
      assert.match(await said('luna node change node009 --service y'), /node009[^]*255$/);
    });
  });

  describe('lpower', () => {
    it('asks and tells the BMC of node001, with the password of its group', async () => {
      const host = hosted();
      await host.run('PATH=$PATH:/sbin:/usr/sbin; ip address add 10.31.0.1/32 dev ipmi; ip address add 10.30.0.1/32 dev cluster');
      const bmc = ipmiSim(join(host.data, 'bmc'), { address: '0.0.0.0', user: 'ladmin', password: 'ladmin' });
      host.start(bmc.argv);
      // The simulator knows no newer cipher suite.
      await host.run('luna bmcsetup change -n base --cipher 3');
      const end = Date.now() + 15_000;
      while (Date.now() < end && (await host.run('ipmitool -C 3 -I lanplus -H 10.31.0.1 -U ladmin -P ladmin -N 1 -R 1 chassis power status')).code !== 0) await sleep(200);

      assert.equal(await said('lpower node001 status'), 'node001: off\n0');
      assert.equal(await said('lpower node001 on'), 'node001: on\n0');
      assert.equal(await said('lpower --groups compute --interface BOOTIF status'), 'node001: on\n0');
      for (const action of ['reset', 'cycle', 'identify', 'noidentify']) assert.equal(await said(`lpower node[001] ${action}`), `node001: ${action}\n0`);
      assert.equal(await said('lpower -g compute off'), 'node001: off\n0');
      assert.match(bmc.asked(), /^power 1\nreset 1\n[^]*power 0\n$/);
    });

    it('tells what it could not do, and exits with 1', async () => {
      assert.match(await said('lpower node001 -i ib0 status'), /^node001: Error: node001 has no ib0 address[^]*1$/);
      assert.match(await said('lpower node009 status'), /^node009: Error: there is no node named node009\n[^]*1$/);
    });
  });

  describe('lchroot', () => {
    it('runs a command in the image, whose kernel it believes in', async () => {
      const release = (await hosted().run('ls /opt/luna/os/compute/lib/modules')).stdout.trim();

      assert.equal(await said('lchroot compute uname -r'), `${release}\n0`);
      assert.equal(await said('lchroot compute sh -c "mount | grep -c /proc; exit 3"'), '1\n3');
    });

    it('ends with 7 without an image, with 8 while somebody is in it', async () => {
      assert.match(await said('lchroot'), /^Usage: lchroot IMAGE[^]*7$/);
      assert.match(await said('lchroot compute sleep 3 & sleep 1.5; lchroot compute true; code=$?; wait; exit $code'), /8$/);
    });
  });

  describe('lweb and ltorrent', () => {
    it('stop, start and restart the part they are, and nothing else', async () => {
      assert.equal(await said('lweb stop'), 'boot is stopped.\n0');
      assert.match(await said('curl -s http://10.30.255.254:7050/luna?step=boot'), /7$/);
      assert.match(await said('lweb start'), /^boot +ready[^]*0$/);
      assert.match(await said('curl -s http://10.30.255.254:7050/luna?step=boot'), /^#!ipxe/);
      assert.match(await said('lweb restart'), /^boot +ready[^]*0$/);
      assert.equal(await said('ltorrent stop'), 'seeder is stopped.\n0');
      assert.match(await said('ltorrent start'), /^seeder +ready[^]*0$/);
      assert.match(await said('ltorrent reload'), /^seeder runs[^]*0$/);
      assert.match(await said('ltorrent restart'), /^seeder +ready[^]*0$/);
    });

    it('say which words they take', async () => {
      assert.match(await said('lweb reload-all'), /start[^]*stop[^]*restart[^]*2$/);
    });
  });
}
