import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callApi } from '../../cli/api.ts';
import { makeDebianTree } from '../../infra/image/debian-tree.ts';
import { projectRoot } from '../../infra/root.ts';

/** How a command line ended. */
export interface Ended { code: number; stdout: string; stderr: string }

/** A controller as the tutorial of Luna 1 has it: its addresses, its paths, its five commands, and a fresh `luna up`. */
export interface TutorialHost {
  /** `LUNA_DATA` of the instance. */
  data: string;
  /** Runs one line of shell on it; `stdin` is what a person would type or pipe in. */
  run(line: string, stdin?: string): Promise<Ended>;
  /** Starts a program on it that stays; it ends with the host. */
  start(argv: string[]): void;
  /** Asks the API: `get('/cluster')`. */
  get<T>(path: string): Promise<T>;
  patch(path: string, body: object): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Namespaces of its own: the addresses of the tutorial on cards that are none, its image where it says, and what is
 * written below /etc, /opt and /var goes to a file system that vanishes. $1 a folder, $2 the image's tree.
 */
const SETUP = `set -eu
mount --make-rprivate /
ip link set lo up
for card in cluster:10.30.255.254 ipmi:10.31.255.254; do
  ip link add "\${card%:*}" type bridge
  ip address add "\${card#*:}/16" dev "\${card%:*}"
  ip link set "\${card%:*}" up
done
mkdir "$1/over"
mount -t tmpfs tmpfs "$1/over"
for path in etc opt var; do
  mkdir "$1/over/$path" "$1/over/$path.work"
  mount -t overlay overlay -o "lowerdir=/$path,upperdir=$1/over/$path,workdir=$1/over/$path.work" "/$path"
done
# Services of the machine that runs the test are not this host's.
[ ! -d /run/systemd ] || mount -t tmpfs tmpfs /run/systemd
mkdir -p /opt/luna/os/compute /var/named
mount --bind "$2" /opt/luna/os/compute
printf 'options { directory "/var/named"; };\\ninclude "/etc/named.luna.zones";\\n' >/etc/named.conf
touch /etc/named.luna.zones
echo ready
exec sleep infinity
`;

/** Why there can be no such host here; false when there can. */
export function noTutorialHost(): string | false {
  if (process.getuid?.() !== 0) return 'needs root for namespaces';
  const missing = ['unshare', 'nsenter', 'ip', 'mmdebstrap'].find((tool) => !['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((path) => existsSync(join(path, tool))));
  return missing === undefined ? false : `needs ${missing}`;
}

/** Makes the host and runs `luna up` on it. The demo's tree, made now where it was not yet, becomes /opt/luna/os/compute. */
export async function startTutorialHost(): Promise<TutorialHost> {
  const tree = await makeDebianTree({ cacheDir: process.env['LUNA_CACHE'] ?? join(projectRoot, '.cache') });
  const dir = mkdtempSync(join(tmpdir(), 'luna-seed-'));
  const bin = join(dir, 'usr/sbin');
  for (const folder of [bin, join(dir, 'luna/src')]) mkdirSync(folder, { recursive: true });
  symlinkSync(join(projectRoot, 'cli/bin'), join(dir, 'luna/src/exec'));
  const data = join(dir, 'data');
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: dir, LUNA_DATA: data, LUNA_CONF: '/dev/null', NO_COLOR: '1',
    ...(process.env['LUNA_CACHE'] ? { LUNA_CACHE: process.env['LUNA_CACHE'] } : {}),
  };

  const keeper = spawn('unshare', ['--net', '--mount', 'sh', '-c', SETUP, 'sh', dir, tree], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    keeper.stdout.once('data', () => { resolve(); });
    keeper.once('exit', (code) => {
      rmSync(dir, { recursive: true, force: true });
      reject(new Error(`the namespaces could not be made: exit code ${String(code)}`));
    });
  });
  const inside = (...argv: string[]): string[] => ['--net', '--mount', '--target', String(keeper.pid), `--wd=${bin}`, '--', ...argv];

  const run = (line: string, stdin = ''): Promise<Ended> => new Promise((resolve) => {
    const child = execFile('nsenter', inside('bash', '-c', line), { env, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
    });
    // A line that reads nothing may have ended before.
    child.stdin?.on('error', () => undefined).end(stdin);
  });
  const api = { socketPath: join(data, 'run/api.sock') };
  const staying: ReturnType<typeof spawn>[] = [];
  const host: TutorialHost = {
    data,
    run,
    start(argv) { staying.push(spawn('nsenter', inside(...argv), { env, stdio: 'ignore' })); },
    get: (path) => callApi(api, 'GET', `/api/v1${path}`),
    async patch(path, body) { await callApi(api, 'PATCH', `/api/v1${path}`, body); },
    async stop() {
      await run(`${join(projectRoot, 'cli/bin/luna')} down`);
      for (const child of [...staying, keeper]) child.kill('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
  const up = await run(`${join(projectRoot, 'cli/bin/luna')} up`);
  if (up.code === 0) return host;
  await host.stop();
  throw new Error(`luna up: ${up.stderr}${up.stdout}`);
}
