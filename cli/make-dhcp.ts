import { copyFileSync, existsSync } from 'node:fs';
import { DHCP_MARK } from '../domain/dhcp-mark.ts';
import type { DhcpPlan } from '../domain/dhcp-plan.ts';
import { LunaError } from '../domain/errors.ts';
import { iscConfig } from '../domain/isc-dhcp.ts';
import { keaConfig } from '../domain/kea.ts';
import { programPath, runProgram } from './programs.ts';
import { replaceFiles, type StagedFile, textOf } from './replace-files.ts';
import { wouldReplace } from './tried.ts';

/** A DHCP server luna can configure. `units`: its service, under the names distributions give it. */
export interface DhcpServer {
  name: 'kea' | 'isc';
  program: string;
  file: string;
  units: readonly string[];
  /** What makes it read its file again. */
  verb: 'reload' | 'restart';
  render: (plan: DhcpPlan) => string;
  check: (file: string) => string[];
}

/** In the order in which they are looked for. */
export const DHCP_SERVERS: readonly DhcpServer[] = [
  {
    name: 'kea', program: 'kea-dhcp4', file: '/etc/kea/kea-dhcp4.conf', units: ['kea-dhcp4-server', 'kea-dhcp4', 'kea'], verb: 'reload',
    render: keaConfig, check: (file) => ['-t', file],
  },
  {
    name: 'isc', program: 'dhcpd', file: '/etc/dhcp/dhcpd.conf', units: ['isc-dhcp-server', 'dhcpd'], verb: 'restart',
    render: iscConfig, check: (file) => ['-t', '-q', '-cf', file],
  },
];

/** The server asked for, else the first that is installed here; null when there is none. */
export function dhcpServer(asked: string | undefined): DhcpServer | null {
  return DHCP_SERVERS.find(({ name, program }) => (asked === undefined ? programPath(program) !== null : name === asked)) ?? null;
}

/**
 * Puts a server's configuration in place when it is another than before and the server itself takes it. A file that luna
 * did not write is kept beside it, once, as `FILE.before-luna`. Throws LunaError `invalid` with what the server says, and in
 * a dry run what would be written.
 */
export async function writeDhcp(plan: DhcpPlan, server: DhcpServer, path: string, isDry = false): Promise<{ changed: boolean; kept: string | null }> {
  const before = textOf(path);
  const foreign = before !== null && !before.includes(DHCP_MARK);
  const aside = `${path}.before-luna`;
  const keep = foreign && !existsSync(aside);
  const changed = await replaceFiles([{ path, text: server.render(plan) }], async (staged) => {
    for (const file of staged) await check(server, file);
    if (isDry) throw wouldReplace(staged.map((file) => file.path));
    if (keep) copyFileSync(path, aside);
  });
  return { changed: changed.length > 0, kept: keep ? aside : null };
}

async function check(server: DhcpServer, { path, staged }: StagedFile): Promise<void> {
  const program = programPath(server.program);
  if (program === null) return;
  const { code, output } = await runProgram(program, server.check(staged));
  if (code === 0) return;
  const complaints = output.split('\n').filter((line) => /error|fatal|line \d|semicolon|expect/i.test(line));
  const said = (complaints.length > 0 ? complaints : output.split('\n')).slice(0, 5).join('\n  ').replaceAll(staged, path);
  throw new LunaError('invalid', `${server.program} refuses its configuration, so nothing was changed:\n  ${said}`, `luna network list`);
}
