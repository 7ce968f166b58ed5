import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { networkStyleOf } from '../../../../infra/image/network-style.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder('styles');
let made = 0;

/** A tree that has these files; a name that ends in `/` is a folder. */
function tree(paths: readonly string[], said?: string): string {
  const root = join(folder, String(made++));
  mkdirSync(root);
  for (const path of paths) {
    mkdirSync(path.endsWith('/') ? join(root, path) : dirname(join(root, path)), { recursive: true });
    if (!path.endsWith('/')) symlinkSync('/usr/lib/nowhere', join(root, path));
  }
  if (said !== undefined) {
    mkdirSync(join(root, 'etc/luna'), { recursive: true });
    writeFileSync(join(root, 'etc/luna/network-style'), said);
  }
  return root;
}

const networkd = ['usr/lib/systemd/systemd-networkd'];
const networkdOn = [...networkd, 'etc/systemd/system/multi-user.target.wants/systemd-networkd.service'];
const manager = ['usr/sbin/NetworkManager'];
const managerOn = [...manager, 'etc/systemd/system/multi-user.target.wants/NetworkManager.service'];
const plugin = 'usr/lib64/NetworkManager/1.36.0/libnm-settings-plugin-ifcfg-rh.so';
const ifupdown = ['sbin/ifup', 'etc/network/'];

describe('what configures an image', () => {
  for (const [what, paths, style] of [
    ['Ubuntu', ['usr/lib/systemd/system-generators/netplan', ...networkdOn, ...managerOn], 'netplan'],
    ['Debian with systemd-networkd', [...networkdOn, ...ifupdown], 'networkd'],
    ['Debian with NetworkManager', [...networkd, ...managerOn, ...ifupdown], 'keyfile'],
    ['Debian with ifupdown, and NetworkManager disabled', [...networkd, ...manager, ...ifupdown], 'ifupdown'],
    ['RedHat 7 without NetworkManager', ['etc/sysconfig/network-scripts/network-functions', ...networkd], 'ifcfg'],
    ['RedHat 8', [...managerOn, plugin, 'etc/sysconfig/network-scripts/'], 'ifcfg'],
    ['RedHat 9', [...managerOn, plugin, 'etc/sysconfig/network-scripts/readme-ifcfg-rh.txt'], 'keyfile'],
    ['RedHat 10', managerOn, 'keyfile'],
    ['a system where nothing is enabled', networkd, 'networkd'],
    ['a system that has nothing', ['etc/'], null],
  ] as const) {
    it(`is ${style ?? 'unknown'} for ${what}`, async () => {
      assert.equal(await networkStyleOf(tree(paths), 'compute'), style);
    });
  }

  it('is what the image says itself', async () => {
    assert.equal(await networkStyleOf(tree(networkdOn, 'none\n'), 'compute'), 'none');
    await assert.rejects(networkStyleOf(tree(networkdOn, 'wicked\n'), 'compute'), { code: 'invalid', message: /of osimage compute says 'wicked'; known are netplan, networkd, keyfile, ifcfg, ifupdown, none$/ });
  });
});
