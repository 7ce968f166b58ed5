import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BootPaths, createBootPaths } from '../../../../../infra/boot/dhcp/boot-paths.ts';
import type { Client, ClientClass } from '../../../../../infra/boot/dhcp/client.ts';

const mac = '52:54:00:00:00:01';
const client = (kind: ClientClass): Client => ({ mac, class: kind, arch: 7 });

/** A boot as far as the file: a DISCOVER, which tells the path, and the REQUEST that takes the offer. */
function boots(paths: BootPaths, kind: ClientClass, file = 'a file'): number {
  const { path } = paths.asked(client(kind), true, 0);
  paths.asked(client(kind), false, 0);
  paths.given(client(kind), file);
  return path;
}

describe('boot paths', () => {
  it('stay the first while nothing is known to have failed', () => {
    const paths = createBootPaths();

    assert.deepEqual(paths.asked(client('pxe'), true, 0), { path: 0, why: '' });
  });

  it('begin where the run of a machine wants it when nothing is remembered', () => {
    assert.deepEqual(createBootPaths().asked(client('pxe'), true, 1), { path: 1, why: 'its run asks for another boot path' });
  });

  it('lead to the next file when a ROM asks again and nothing came of the last', () => {
    const paths = createBootPaths();
    boots(paths, 'pxe', 'snponly.efi');

    assert.deepEqual(paths.asked(client('pxe'), true, 0), { path: 1, why: 'snponly.efi was given and nothing came of it' });
  });

  it('lead to the next file when iPXE came up but fetched no script', () => {
    const paths = createBootPaths();
    boots(paths, 'pxe', 'snponly.efi');
    boots(paths, 'ipxe', 'the script');

    assert.deepEqual(paths.asked(client('pxe'), true, 0), { path: 1, why: 'iPXE came up from snponly.efi but fetched no boot script' });
  });

  it('stay when the script was fetched, and so does the one that a machine needed', () => {
    const paths = createBootPaths();
    boots(paths, 'pxe', 'snponly.efi');
    boots(paths, 'pxe', 'ipxe.efi');
    boots(paths, 'ipxe');
    paths.reached(mac, 'script');

    assert.deepEqual(paths.asked(client('pxe'), true, 0), { path: 1, why: 'ipxe.efi arrived last time' });
  });

  it('do not take a repeated DISCOVER, or an offer that nobody took, for a boot that failed', () => {
    const paths = createBootPaths();
    for (let n = 0; n < 5; n += 1) paths.asked(client('pxe'), true, 0);

    assert.equal(paths.asked(client('pxe'), true, 0).path, 0);
  });

  it('give the iPXE that a ROM loaded its script, whatever path led to it', () => {
    const paths = createBootPaths();
    boots(paths, 'pxe');
    boots(paths, 'pxe');

    assert.equal(paths.asked(client('ipxe'), true, 0).path, 0);
  });

  it('give a ROM’s own iPXE another when it fetched no script', () => {
    const paths = createBootPaths();

    assert.deepEqual([boots(paths, 'ipxe'), boots(paths, 'ipxe'), boots(paths, 'ipxe')], [0, 1, 2]);
  });

  it('lead from a ROM’s own iPXE by the one that the site wants to the script, at every boot', () => {
    const paths = createBootPaths();
    const asks = (): boolean => paths.asked(client('ipxe'), true, 0, true).replaced ?? false;
    const found: boolean[] = [];
    for (let boot = 0; boot < 3; boot += 1) {
      found.push(asks(), asks());
      paths.given(client('ipxe'), 'undionly.kpxe');
      found.push(asks());
      paths.given(client('ipxe'), 'the script');
      paths.reached(mac, 'script');
    }

    assert.deepEqual(found, [true, true, false, true, true, false, true, true, false]);
    assert.equal(paths.asked(client('ipxe'), true, 0, true).path, 0);
  });

  it('give the iPXE that a PXE ROM loaded its script, also where the site wants a certain one', () => {
    const paths = createBootPaths();
    boots(paths, 'pxe', 'snponly.efi');

    assert.equal(paths.asked(client('ipxe'), true, 0, true).replaced, undefined);
  });

  it('are counted apart for each way in which a firmware boots', () => {
    const paths = createBootPaths();

    assert.deepEqual(['pxe', 'http', 'pxe', 'http'].map((kind) => boots(paths, kind as ClientClass)), [0, 0, 1, 1]);
  });

  it('are none of an operating system’s', () => {
    const paths = createBootPaths();
    boots(paths, 'pxe');
    paths.asked(client('other'), true, 0);

    assert.equal(paths.asked(client('pxe'), true, 0).path, 1);
  });
});
