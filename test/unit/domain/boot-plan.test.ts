import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bootPlan } from '../../../domain/boot-plan.ts';
import type { Boot } from '../../../domain/provision.ts';
import type { Site } from '../../../domain/site.ts';
import { MAC, armedBoot, testSite } from '../../support/boot-http.ts';

function plan(boot: Boot | null, node: object = {}, group: object = {}, mac: string | null = MAC, site: Site = testSite()) {
  const changed = { ...site.nodes.get('node-1'), ...node } as NonNullable<ReturnType<Site['nodes']['get']>>;
  Object.assign(site.groups.get('g1') ?? {}, group);
  return bootPlan(site, changed, mac, boot);
}

describe('a network boot', () => {
  const cases: [name: string, at: string, plan: ReturnType<typeof plan>][] = [
    ['nobody asked for goes to the disk', 'localboot', plan(null)],
    ['of an armed node installs', 'install', plan(armedBoot())],
    ['of a node whose agent runs means that it restarted', 'restarted', plan(armedBoot({ state: 'live' }))],
    ['after the hand-over goes to the disk', 'localboot', plan(armedBoot({ state: 'handedOver' }))],
    ['after a failed run goes to the disk', 'localboot', plan(armedBoot({ state: 'held' }))],
    ['with the policy always begins a run of its own', 'unasked', plan(null, {}, { boot_policy: 'always' })],
    ['with a root in memory does so too', 'unasked', plan(null, {}, { boot_policy: null, partscript: 'mount -t tmpfs tmpfs /sysroot' })],
    ['of an armed node with the policy always installs', 'install', plan(armedBoot(), {}, { boot_policy: 'always' })],
    ['set to localboot goes to the disk though armed', 'localboot', plan(armedBoot(), { localboot: true })],
    ['set to service starts the shell though armed', 'service', plan(armedBoot(), { service: true })],
    ['set to both goes to the disk', 'localboot', plan(null, { service: true, localboot: true })],
  ];
  for (const [name, at, { at: found }] of cases) test(name, () => { assert.equal(found, at); });

  test('hands luna\'s kernel everything in its arguments, the image\'s own options last', () => {
    const install = plan(armedBoot());

    assert.equal(install.at, 'install');
    assert.deepEqual(install.kernel.args, [
      'initrd=debian12-initramfs', 'root=luna', 'luna.node=node001', 'luna.hostname=node001.cluster', 'luna.url=http://127.0.0.1:7050',
      'luna.bootproto=static', `luna.mac=${MAC}`, 'luna.ip=127.0.0.5/16', 'luna.gw=127.0.0.1',
      'luna.nonce=0123456789abcdef0123456789abcdef', 'luna.service=0', 'console=ttyS0', 'quiet',
    ]);
  });

  test('gives an installation what it takes to fetch the rest of the initramfs, and the whole to service mode and to who asks DHCP', () => {
    const split = (): Site => {
      const site = testSite();
      for (const one of site.artefacts.values()) one.rest = { file: 'r-rest', sha256: 'e'.repeat(64), size: 1, infoHash: 'f'.repeat(40), torrent: 'r-rest.torrent' };
      return site;
    };
    const kernelOf = (changes: { service?: boolean }, site: Site) => {
      const found = plan(armedBoot(), changes, {}, null, site);
      return 'kernel' in found ? found.kernel : assert.fail(found.at);
    };
    const nameless = split();
    nameless.macsOf.clear();

    assert.deepEqual(kernelOf({}, split()).initramfs, ['debian12-initramfs']);
    assert.match(kernelOf({}, split()).args.join(' '), /^initrd=debian12-initramfs root=luna .* luna\.rest=\S+\/e{64} /);
    for (const whole of [kernelOf({ service: true }, split()), kernelOf({}, nameless)]) {
      assert.deepEqual(whole.initramfs, ['debian12-initramfs', 'r-rest']);
      assert.match(whole.args.join(' '), /^initrd=debian12-initramfs initrd=r-rest (?!.*luna\.rest)/);
    }
  });

  test('takes the MAC that asks, else the one that is known, else leaves the address to DHCP', () => {
    const argsFor = (mac: string | null, site: Site): string => {
      const found = plan(armedBoot(), {}, {}, mac, site);
      return 'kernel' in found ? found.kernel.args.join(' ') : '';
    };
    const nameless = testSite();
    nameless.macsOf.clear();

    assert.match(argsFor('52:54:00:00:00:77', testSite()), /luna\.mac=52:54:00:00:00:77/);
    assert.match(argsFor(null, testSite()), new RegExp(`luna.mac=${MAC}`));
    assert.match(argsFor(null, nameless), /luna\.bootproto=dhcp/);
  });

  test('is refused with the next command when BOOTIF has no IPv4 network, be it that it has one of IPv6', () => {
    const interfaces = testSite().groups.get('g1')?.interfaces.map((one) => ({ ...one, network: null, network6: 'n6' }));

    assert.throws(() => plan(armedBoot(), {}, { interfaces }), { code: 'conflict', next: /luna group change \S+ -i BOOTIF --setnet NETWORK/ });
  });

  test('is refused with the next command when the image is not packed', () => {
    const site = testSite();
    site.artefacts.clear();

    assert.throws(() => plan(armedBoot(), {}, {}, MAC, site), { code: 'conflict', next: 'luna osimage pack debian12' });
  });
});
