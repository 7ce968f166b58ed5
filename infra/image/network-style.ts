import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NetworkStyle, parseStyle, STYLE_FILE } from '../../domain/network-style.ts';

/**
 * What configures the network of a system made from this tree: what the tree says itself in STYLE_FILE, else the program
 * that is enabled there, else one that could be; null when there is none luna knows. `osimage` is for messages. Throws LunaError `invalid` for a
 * word luna doesn't know.
 */
export async function networkStyleOf(tree: string, osimage: string): Promise<NetworkStyle | null> {
  const said = await readFile(join(tree, STYLE_FILE), 'utf8').catch(() => null);
  if (said !== null) return parseStyle(said, osimage);
  const has = (...paths: string[]) => anyOf(tree, paths);
  // netplan's generator makes the files of the others at every boot.
  if (await has('usr/lib/systemd/system-generators/netplan', 'lib/systemd/system-generators/netplan')) return 'netplan';
  if (await enabled(tree, 'systemd-networkd.service')) return 'networkd';
  if (await enabled(tree, 'NetworkManager.service')) return await prefersIfcfg(tree) ? 'ifcfg' : 'keyfile';
  if (await has('etc/sysconfig/network-scripts/network-functions')) return 'ifcfg';
  if (await has('sbin/ifup', 'usr/sbin/ifup') && await has('etc/network')) return 'ifupdown';
  if (await has('usr/sbin/NetworkManager')) return 'keyfile';
  return await has('usr/lib/systemd/systemd-networkd', 'lib/systemd/systemd-networkd') ? 'networkd' : null;
}

/**
 * RedHat 8 and older configure NetworkManager by ifcfg files. RedHat 9 still has the plugin that reads them, and a file
 * that asks people to use key files.
 */
async function prefersIfcfg(tree: string): Promise<boolean> {
  const scripts = join(tree, 'etc/sysconfig/network-scripts');
  const names = await readdir(scripts).catch(() => null);
  if (names === null || names.includes('readme-ifcfg-rh.txt')) return false;
  for (const lib of ['usr/lib64/NetworkManager', 'usr/lib/NetworkManager']) {
    const versions = await readdir(join(tree, lib)).catch(() => []);
    if (await anyOf(tree, versions.map((version) => join(lib, version, 'libnm-settings-plugin-ifcfg-rh.so')))) return true;
  }
  return false;
}

/** Whether a unit is wanted by any target. */
async function enabled(tree: string, unit: string): Promise<boolean> {
  const folder = 'etc/systemd/system';
  const names = await readdir(join(tree, folder)).catch(() => []);
  return anyOf(tree, names.filter((name) => name.endsWith('.wants')).map((name) => join(folder, name, unit)));
}

/** lstat: links of an image are absolute and mean the image's own root, not this machine's. */
async function anyOf(tree: string, paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(paths.map((path) => lstat(join(tree, path)).then(() => true, () => false)));
  return found.includes(true);
}
