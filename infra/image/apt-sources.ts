import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The lines of a one-line-style file (sources.list(5)) that name binary packages of these suites. */
export function fromListFile(text: string, isWanted: (suite: string) => boolean): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?\S+\s+(\S+)/.exec(line);
    return match?.[1] !== undefined && isWanted(match[1]);
  });
}

/** The same of a deb822-style file (`*.sources`), as one-line entries. */
export function fromSourcesFile(text: string, isWanted: (suite: string) => boolean): string[] {
  const lines: string[] = [];
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name: string) => new RegExp(`^${name}:(.*(?:\\n[ \\t].*)*)`, 'im').exec(stanza.replace(/^#.*\n?/gm, ''))?.[1]?.trim().split(/\s+/) ?? [];
    if (!field('Types').includes('deb') || field('Enabled')[0] === 'no') continue;
    const key = field('Signed-By');
    // A key may stand in the file itself; then it has many words and the host's keyring must do.
    const signed = key.length === 1 ? ` [signed-by=${key[0] ?? ''}]` : '';
    for (const uri of field('URIs')) {
      for (const suite of field('Suites').filter(isWanted)) lines.push(`deb${signed} ${uri} ${suite} ${field('Components').join(' ')}`.trim());
    }
  }
  return lines;
}

/**
 * Where this machine's own apt gets a Debian release from, as one-line entries: what works here works for a tree made
 * here. Empty when it has no source for that release.
 */
export async function hostSources(release: string, etcApt = '/etc/apt'): Promise<string[]> {
  const isWanted = (suite: string) => suite === release || suite === `${release}-updates` || suite === `${release}-security` || suite === `${release}/updates`;
  const parts = (await readdir(join(etcApt, 'sources.list.d')).catch(() => [])).sort().map((name) => join(etcApt, 'sources.list.d', name));
  const lines: string[] = [];
  for (const path of [join(etcApt, 'sources.list'), ...parts]) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (path.endsWith('.sources')) lines.push(...fromSourcesFile(text, isWanted));
    else if (path.endsWith('.list')) lines.push(...fromListFile(text, isWanted));
  }
  return lines.some((line) => line.split(' ').includes(release)) ? [...new Set(lines)] : [];
}

/** The host's ways to its mirrors (proxies, certificates, tolerance of dates) out of `apt-config dump`, as apt options. */
export function transportOptions(dump: string): string[] {
  return dump.split('\n').filter((line) => /^Acquire::(https?|ftp|socks)::|^Acquire::(Check-Valid-Until|Check-Date|Retries|ForceIPv4)\b/i.test(line) && !/ "";$/.test(line));
}
