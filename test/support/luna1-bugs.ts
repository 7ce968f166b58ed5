import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClusterView, GroupView, NetworkView, NodeView, OsimageView } from '../../domain/views.ts';
import { Cli } from './cli.ts';
import type { CliAnswer } from './cli-host.ts';
import type { TutorialHost } from './tutorial-host.ts';

/** The bugs that luna-1 marks, tried on the site that the tutorial has made: none is there any more. */
export function luna1Bugs(hosted: () => TutorialHost): void {
  describe('what was a bug of Luna 1', () => {
    let host: TutorialHost;
    let cli: Cli;
    before(() => {
      host = hosted();
      cli = new Cli(host.data);
    });
    after(() => cli.stop());

    const run = (line: string): Promise<CliAnswer> => cli.run(...line.split(' ').map((word) => (word === 'EMPTY' ? '' : word)));
    const luna = async (line: string): Promise<string> => {
      const { code, stdout, stderr } = await run(line);
      assert.equal(code, 0, `luna ${line}: ${stderr}`);
      return stdout;
    };
    const refused = async (line: string, why: RegExp): Promise<void> => {
      const { code, stderr } = await run(line);
      assert.equal(code, 255, `luna ${line}: ${stderr}`);
      assert.match(stderr, why);
    };

    it('sets the pid file of lweb, which was read as a number', async () => {
      await luna('cluster change --lweb_pidfile /run/w.pid');
      assert.equal((await host.get<ClusterView>('/cluster')).lweb_pidfile, '/run/w.pid');
    });

    it('checks the frontend address, and keeps its port as a number', async () => {
      await refused('cluster change --frontend_address controller', /frontend_address/);
      assert.equal((await host.get<ClusterView>('/cluster')).frontend_port, 7050);
    });

    it('clears kernel options, and exits with 255 when an image can not be changed', async () => {
      await luna('osimage change compute -o quiet');
      await luna('osimage change compute -o EMPTY');
      assert.equal((await host.get<OsimageView>('/osimages/compute')).kernopts, '');
      await refused('osimage change nothing -o quiet', /nothing/);
    });

    it('applies all options of network change, not only the first', async () => {
      await luna('network add spare -N 10.50.0.0 -P 24');
      await luna('network change spare -N 10.51.0.0 --ns_hostname head --reserve 10.51.0.7');
      const { network, ns_hostname, reserved } = await host.get<NetworkView>('/networks/spare');
      assert.deepEqual([network, ns_hostname, reserved.map(({ ip }) => ip)], ['10.51.0.0', 'head', ['10.51.0.7']]);
    });

    it('refuses networks that overlap, and never gives the frontend address to a node', async () => {
      await refused('network add over -N 10.30.128.0 -P 17', /cluster/);
      await refused('node change node001 -i BOOTIF 10.30.255.254', /10\.30\.255\.254/);
    });

    it('leaves no half node behind when a network is exhausted', async () => {
      await luna('network add tiny -N 10.52.0.0 -P 30');
      await luna('group add tiny -o compute -N tiny');
      const { code } = await run('node add -n tiny[1-4] -g tiny');
      assert.equal(code, 255);
      assert.deepEqual((await host.get<NodeView[]>('/nodes')).map(({ name }) => name), ['node001']);
    });

    it('takes the prefix of names as a word, not as a set of letters', async () => {
      await luna('cluster change -p cn1');
      await luna('node add -n cn1101 -g compute');
      assert.equal(await luna('node add -g compute'), 'cn1102\n');
      await luna('node delete cn1[101-102]');
      await luna('cluster change -p node');
    });

    it('clears a port', async () => {
      await luna('node change node001 -p EMPTY');
      assert.equal((await host.get<NodeView>('/nodes/node001')).port, null);
    });

    it('takes 0 for a value', async () => {
      await luna('bmcsetup change base -N 0');
      assert.equal((await host.get<{ netchannel: number }>('/bmcsetups/base')).netchannel, 0);
    });

    it('shows no password', async () => {
      for (const line of ['bmcsetup list', 'bmcsetup list -o json', 'bmcsetup show base', 'bmcsetup show base --raw']) assert.doesNotMatch(await luna(line), /password|ladmin[^]*ladmin/i);
    });

    it('keeps a script when stdin is empty', async () => {
      const before = (await host.get<GroupView>('/groups/compute')).postscript;
      await refused('group change compute --postscript', /stdin is empty/);
      assert.equal((await host.get<GroupView>('/groups/compute')).postscript, before);
    });

    it('clones the extra lines of interfaces too', async () => {
      await luna('group clone compute --to gpu');
      assert.equal((await host.get<GroupView>('/groups/gpu')).interfaces.find(({ name }) => name === 'BOOTIF')?.params, 'DEVICE=enp0s3\nONBOOT=yes');
    });

    it('sets the range of makedhcp with all options of 1.2, and keeps no address of it for a node', async () => {
      const { code, stderr } = await host.run('luna cluster makedhcp --network cluster --start_ip 10.30.128.1 --end_ip 10.30.129.254 --native_dhcp_ha');
      assert.equal(code, 0, stderr);
      const { dhcp_start, dhcp_end } = await host.get<NetworkView>('/networks/cluster');
      assert.deepEqual([dhcp_start, dhcp_end], ['10.30.128.1', '10.30.129.254']);
      await refused('node change node001 -i BOOTIF 10.30.129.7', /10\.30\.129\.7/);
    });

    it('exits with 0 when a sync went well', async () => {
      assert.match(await luna('cluster sync'), /one controller/);
      assert.match(await luna('osimage sync compute'), /one controller/);
    });

    it('answers an unknown step at once', async () => {
      assert.match((await host.run("curl -s -o /dev/null -m 5 -w '%{http_code}' 'http://10.30.255.254:7050/luna?step=nothing'")).stdout, /^400$/);
    });

    it('deletes the cluster with all that is declared, when it is forced to', async () => {
      await refused('cluster delete', /in use by \[network\/cluster\]/);
      await luna('cluster delete --force');
      assert.deepEqual([await host.get('/nodes'), await host.get('/networks')], [[], []]);
      assert.equal((await run('cluster show')).code, 255);
      assert.match(await luna('undo'), /Took back/);
      assert.deepEqual((await host.get<NodeView[]>('/nodes')).map(({ name }) => name), ['node001']);
    });
  });
}
