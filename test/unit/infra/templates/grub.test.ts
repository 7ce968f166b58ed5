import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { grubTemplates } from '../../../../infra/templates/node-templates.ts';

const BOOT = { kernel: 'abc-vmlinuz', initramfs: ['abc-initramfs', 'def-rest'], args: ['initrd=abc-initramfs', 'initrd=def-rest', 'root=luna', "x='$(reboot)'"] };
const again = '/grub/boot/52:54:00:30:00:04';

/** GRUB's own reader of scripts: throws when it does not understand one. */
function check(script: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'grub-'));
  try {
    writeFileSync(join(folder, 'grub.cfg'), script);
    execFileSync('grub-script-check', [join(folder, 'grub.cfg')], { stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const scripts = {
  kernel: grubTemplates.kernel("node001's disks; reboot", 'http://x', BOOT, again),
  localboot: grubTemplates.localboot('node001', 'nobody asked'),
  again: grubTemplates.again('no image\nis packed $(reboot)', 10, again),
  menu: grubTemplates.menu(['node001', 'node002'], (node) => `/grub/node/52:54:00:30:00:04/${node}`, again),
};

describe('boot scripts for GRUB', () => {
  for (const [name, { text }] of Object.entries(scripts)) {
    it(`are scripts that GRUB reads: ${name}`, () => { check(text); });
  }

  it('load kernel and initramfs by TFTP, and leave out the argument that would name the initramfs a second time', () => {
    const { text } = scripts.kernel;

    assert.match(text, /^if linux '\/boot\/abc-vmlinuz' 'root=luna' 'x='\\''\$\(reboot\)'\\''';/m);
    assert.match(text, /^ {2}if initrd '\/boot\/abc-initramfs' '\/boot\/def-rest';/m);
  });

  it('show a message without acting on it', () => {
    assert.match(scripts.again.text, /^echo 'luna: no image is packed \$\(reboot\)'$/m);
    assert.match(scripts.kernel.text, /^echo 'luna: node001'\\''s disks; reboot'$/m);
  });

  it('ask again by themselves while nobody knows the machine, and offer every node', () => {
    const { text } = scripts.menu;

    assert.match(text, /set timeout=10\nset default=ask\n/);
    assert.match(text, /menuentry 'node002' \{ configfile '\/grub\/node\/52:54:00:30:00:04\/node002'; \}/);
  });
});
