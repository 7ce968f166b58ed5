import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Files, mappedFiles } from '../../../../../infra/boot/tftp/files.ts';
import { firstOf, grubFiles, grubNodePath, grubScriptPath } from '../../../../../infra/boot/tftp/grub-files.ts';

const bootDir = mkdtempSync(join(tmpdir(), 'grub-files-'));
after(() => { rmSync(bootDir, { recursive: true }); });

const files: Files = grubFiles({
  bootDir,
  script: (mac, ip) => Promise.resolve(`script of ${mac} at ${ip}`),
  chosen: (mac, node, ip) => Promise.resolve(`${mac} at ${ip} is ${node}`),
});
const text = async (name: string): Promise<string | null> => (await files(name, '10.30.0.5'))?.toString() ?? null;

describe('files of the chain for Secure Boot', () => {
  it('send every machine on to the script of its own MAC', async () => {
    assert.match(await text('/grub/grub.cfg') ?? '', /configfile "\/grub\/boot\/\$net_default_mac"/);
    assert.equal(await text(grubScriptPath('52:54:00:30:00:04')), 'script of 52:54:00:30:00:04 at 10.30.0.5');
  });

  it('take the name of a node from its path', async () => {
    assert.equal(await text(grubNodePath('52:54:00:30:00:04', 'node001')), '52:54:00:30:00:04 at 10.30.0.5 is node001');
  });

  it('have kernels by their names, also those that came later, and drop those that are gone', async () => {
    assert.equal(await text('/boot/abc-vmlinuz'), null);
    writeFileSync(join(bootDir, 'abc-vmlinuz'), 'kernel');
    assert.equal(await text('/boot/abc-vmlinuz'), 'kernel');
    rmSync(join(bootDir, 'abc-vmlinuz'));
    assert.equal(await text('/boot/abc-vmlinuz'), null);
  });

  it('lead nowhere else', async () => {
    for (const name of ['/boot/../grub-files.test.ts', '/boot/', '/etc/passwd', '/grub/x86_64-efi/http.mod', '/grub/boot/nobody', '/grub/node/52:54:00:30:00:04', 'shimx64.efi/x', '']) {
      assert.equal(await text(name), null, name);
    }
  });

  it('are asked for after the others', async () => {
    const both = firstOf(mappedFiles({ directories: [], names: {} }), files);

    assert.match((await both('grub/grub.cfg', ''))?.toString() ?? '', /configfile/);
  });
});
