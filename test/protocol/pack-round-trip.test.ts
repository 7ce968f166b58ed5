import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { archiveTree } from '../../infra/image/tree-archive.ts';
import { agentPipeline } from '../support/agent-pipeline.ts';
import { differences, makeOddTree, ODD_TREE_NEEDS } from '../support/odd-tree.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const missing = ODD_TREE_NEEDS.filter((program) => !['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((folder) => existsSync(join(folder, program))));
const skip = process.getuid?.() !== 0 ? 'needs root' : missing.length > 0 && `needs ${missing.join(', ')}`;

describe('a tree that was packed, and unpacked by the agent', { skip, timeout: 120_000 }, () => {
  const folder = temporaryFolder('round-trip');
  const [tree, target] = [join(folder, 'tree'), join(folder, 'target')];
  before(async () => {
    makeOddTree(tree);
    mkdirSync(target);
    const archive = await archiveTree({ tree, out: join(folder, 'tree.tar.zst'), level: 1, pieceLength: 32_768 });
    const pipeline = agentPipeline(join(folder, 'agent'), target);
    await once(pipeline.start(archive.unpackedSize, archive.path), 'close');
    assert.equal(pipeline.code(), 0, pipeline.words());
  });

  it('is the tree that it was: links, attributes, ACLs, capabilities, holes, devices, owners, times, names', () => {
    assert.deepEqual(differences(tree, target), []);
    assert.equal(readdirSync(join(target, 'names')).length, readdirSync(join(tree, 'names')).length);
  });

  it('has attributes and capabilities as the kernel tells them', () => {
    const told = (root: string): string[] => [
      execFileSync('getfattr', ['--recursive', '--no-dereference', '--dump', '--match=-', '--encoding=hex', '.'], { cwd: root, encoding: 'utf8' }),
      execFileSync('getcap', ['-r', '.'], { cwd: root, encoding: 'utf8' }),
    ];

    const [attributes = '', capabilities = ''] = told(tree);
    assert.match(attributes, /posix_acl_default=[^]*trusted\.luna=/);
    assert.match(capabilities, /capable cap_net_bind_service,cap_net_raw=ep/);
    assert.deepEqual(told(target).map(sorted), [attributes, capabilities].map(sorted));
  });

  it('would be seen to differ by each of these', () => {
    const other = join(folder, 'other');
    for (const [change, expected] of [
      ['setfattr -x user.bytes attributes/file', /^\.f\.+x attributes\/file$/],
      ['setcap -r attributes/capable', /^\.f\.+x attributes\/capable$/],
      ['setfacl -b attributes/acl', /attributes\/acl$/],
      ['rm links/second && cp -p links/first links/second', /links\/second/],
      ['chown 70001 owners/large', /owners\/large$/],
      ['cp --sparse=never holes/both x && touch -r holes/both x && mv x holes/both', /blocks on disk/],
      ['rm devices/large && mknod devices/large c 510 70001', /devices\/large$/],
      ['touch -d "@1700000000.123457000" times/fine', /times\/fine$/],
    ] as const) {
      rmSync(other, { recursive: true, force: true });
      execFileSync('cp', ['-a', tree, other]);
      execFileSync('sh', ['-c', change], { cwd: other });
      assert.ok(differences(tree, other).some((line) => expected.test(line)), `${change}: ${differences(tree, other).join(' | ')}`);
    }
  });
});

/** Directories are told in the order of the disk. */
const sorted = (text: string): string[] => text.split('\n\n').sort();
