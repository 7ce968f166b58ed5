import { execFileSync } from 'node:child_process';
import { chmodSync, lchownSync, linkSync, lutimesSync, mkdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that make and compare what a tree may hold beside plain files. */
export const ODD_TREE_NEEDS = ['setfattr', 'setfacl', 'setcap', 'getfattr', 'getcap', 'mknod', 'rsync'] as const;

/** Names that shells, archives and lists stumble over; the last is no UTF-8. */
const NAMES: readonly (string | Buffer)[] = [
  ' leading and trailing ', '-rf', 'line\nbreak', 'tab\tand\\backslash', "quote'\"`$(x)", '*?[a]', 'Å ångström Å', 'ends.', '...', '@LongLink', 'a'.repeat(255), Buffer.from([0x6c, 0xff, 0xfe, 0x61]),
];

const run = (program: string, ...args: string[]): void => { execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }); };

/** Makes a folder with one or more of everything that an image may hold, as root on a file system with extended attributes. */
export function makeOddTree(folder: string): void {
  const at = (name: string): string => join(folder, name);
  for (const name of ['links', 'attributes', 'owners', 'holes', 'devices', 'names', 'times', 'modes', `deep/${'long'.repeat(50)}/${'path'.repeat(50)}`]) mkdirSync(at(name), { recursive: true });
  const file = (name: string, text = name): string => {
    writeFileSync(at(name), text);
    return at(name);
  };

  const first = file('links/first');
  for (const name of ['links/second', 'modes/third']) linkSync(first, at(name));
  symlinkSync('../links/first', at('links/relative'));
  symlinkSync(`/nowhere/${'x'.repeat(3000)}`, at('links/dangling'));

  const attributed = file('attributes/file');
  run('setfattr', '-n', 'user.text', '-v', 'line\nbreak', attributed);
  run('setfattr', '-n', 'user.bytes', '-v', '0x00ff0a3d', attributed);
  run('setfattr', '-n', 'trusted.luna', '-v', 'root sees it', attributed);
  run('setfattr', '-n', 'user.folder', '-v', '1', at('attributes'));
  run('setcap', 'cap_net_raw,cap_net_bind_service+ep', file('attributes/capable'));
  run('setfacl', '-m', 'u:70000:rwx,g:100001:r-x,m::rwx', file('attributes/acl'));
  run('setfacl', '-m', 'u:5:r-x', '-d', '-m', 'u:70000:rwx,g::r-x', at('attributes'));

  lchownSync(file('owners/large'), 70_000, 100_001);
  lchownSync(file('owners/largest'), 4_294_967_293, 4_294_967_293);
  symlinkSync('large', at('owners/link'));
  lchownSync(at('owners/link'), 70_001, 1);

  const holes = file('holes/both', '');
  truncateSync(holes, 4_000_000);
  execFileSync('dd', [`of=${holes}`, 'bs=4096', 'seek=500', 'conv=notrunc', 'status=none'], { input: 'data in the middle' });
  truncateSync(file('holes/only', ''), 8_000_000);

  run('mknod', at('devices/block'), 'b', '8', '17');
  run('mknod', at('devices/character'), 'c', '1', '3');
  run('mknod', at('devices/large'), 'c', '510', '70000');
  run('mkfifo', at('devices/pipe'));

  for (const name of NAMES) writeFileSync(Buffer.concat([Buffer.from(`${at('names')}/`), Buffer.from(name)]), 'odd');
  file(`deep/${'long'.repeat(50)}/${'path'.repeat(50)}/${'name'.repeat(40)}`);

  lutimesSync(file('times/old'), -1.5, -86_400.25);
  lutimesSync(file('times/fine'), 1, 1_700_000_000.123_456);
  lutimesSync(file('times/late'), 1, 5_000_000_000);
  symlinkSync('old', at('times/link'));
  lutimesSync(at('times/link'), 1, 1_000_000_000.5);

  for (const [name, mode] of [['setuid', 0o4755], ['setgid', 0o2755], ['nothing', 0], ['everything', 0o777]] as const) chmodSync(file(`modes/${name}`), mode);
  mkdirSync(at('modes/sticky'));
  chmodSync(at('modes/sticky'), 0o1777);
}

/**
 * What differs between two trees, as rsync sees it, which has no line of code in common with tar: content, kind, mode,
 * owner, times to the nanosecond, hard links, devices, ACLs, extended attributes. Holes it can't see: blocks tell.
 */
export function differences(one: string, other: string): string[] {
  const seen = execFileSync('rsync', [
    '--dry-run', '--itemize-changes', '--checksum', '--archive', '--hard-links', '--acls', '--xattrs', '--numeric-ids', '--delete', '--modify-window=-1', `${one}/`, `${other}/`,
  ], { encoding: 'latin1', maxBuffer: 64 * 1024 * 1024 }).split('\n').filter((line) => line !== '');
  return [...seen, ...['holes/both', 'holes/only'].flatMap((name) => wasted(join(one, name), join(other, name)))];
}

function wasted(one: string, other: string): string[] {
  const [wanted, found] = [statSync(one, { throwIfNoEntry: false }), statSync(other, { throwIfNoEntry: false })];
  if (wanted === undefined || found === undefined) return [];
  return found.blocks > wanted.blocks + 16 ? [`${other}: ${found.blocks} blocks on disk, was ${wanted.blocks}`] : [];
}
