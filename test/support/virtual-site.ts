import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProvisionStatus } from '../../domain/run-views.ts';
import { loadConfig } from '../../infra/config.ts';
import { makeDebianTree } from '../../infra/image/debian-tree.ts';
import { controllerEnvironment } from '../../infra/lab/controller.ts';
import { declarations, LAB_KERNOPTS } from '../../infra/lab/declaration.ts';
import { labDown } from '../../infra/lab/down.ts';
import { machineFiles } from '../../infra/lab/files.ts';
import type { Firmware } from '../../infra/lab/firmware.ts';
import { powerState } from '../../infra/lab/machine.ts';
import { labUp } from '../../infra/lab/lab.ts';
import { runInNamespace } from '../../infra/lab/namespace.ts';
import type { LabPlan } from '../../infra/lab/plan.ts';
import type { Segment } from '../../infra/lab/segments.ts';
import { labSite } from '../../infra/lab/site.ts';
import { projectRoot } from '../../infra/root.ts';
import { clearLeftovers } from './leftovers.ts';

/** What a command said and how it ended. */
export interface Said { code: number; stdout: string; stderr: string }

/** A virtual site with luna running in it and its image packed. */
export interface VirtualSite {
  plan: LabPlan;
  /** The controller's LUNA_DATA. */
  dataDir: string;
  /** What its image is packed from. */
  tree: string;
  /** Runs a luna command as a person would; a command that outlives its deadline is killed and fails. */
  luna(argv: string[], stdin?: string): Promise<Said>;
  /** Runs it and demands exit code 0. */
  done(argv: string[], stdin?: string): Promise<string>;
  status(node: string): Promise<ProvisionStatus>;
  /** Waits until a node's newest run is where `reached` says; fails with what it saw when the run ends or time runs out. */
  waitFor(node: string, what: string, reached: (status: ProvisionStatus) => boolean): Promise<ProvisionStatus>;
  console(node: string): SiteConsole;
  /** Runs a command on a machine by ssh, as root, with the key of the demo's image; gives its output. A machine that has only just started may still make its host key. */
  ssh(address: string, command: string): Promise<string>;
  down(): Promise<void>;
}

/** A machine's serial console: what it has said so far, and what is typed at it. */
export interface SiteConsole {
  size(): number;
  /** Waits ten minutes, or so many milliseconds; fails with the end of what was shown. */
  waitFor(text: RegExp, from: number, ms?: number): Promise<void>;
  type(text: string): Promise<void>;
}

const COMMAND_MS = 15 * 60_000;
const WAIT_MS = 10 * 60_000;

/** Builds a site whose machines are declared to luna, with the Debian image packed. Everything slow is cached between runs. */
export async function virtualSite(options: { dir: string; name: string; firmware: Firmware[]; segments?: Segment[]; memoryMb?: number; postscript?: string }): Promise<VirtualSite> {
  const { cacheDir } = loadConfig(process.env);
  const imagePath = await makeDebianTree({ cacheDir });
  await clearLeftovers({ dir: options.dir, name: options.name, tree: imagePath });
  const { plan } = await labUp({
    dir: options.dir, name: options.name, nodes: options.firmware.length, firmware: options.firmware,
    ...(options.segments && { segments: options.segments }), ...(options.memoryMb && { memoryMb: options.memoryMb }),
  });
  const env = { ...process.env, ...controllerEnvironment(plan) };
  const luna = (argv: string[], stdin?: string) => say(env, argv, stdin);

  async function done(argv: string[], stdin?: string): Promise<string> {
    const { code, stdout, stderr } = await luna(argv, stdin);
    if (code !== 0) throw new Error(`luna ${argv.join(' ')} ended with exit code ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  async function status(node: string): Promise<ProvisionStatus> {
    const [found] = JSON.parse(await done(['provision', 'status', node, '--json'])) as ProvisionStatus[];
    if (found === undefined) throw new Error(`${node} never had a run`);
    return found;
  }

  const partscript = readFileSync(join(projectRoot, 'infra', 'initramfs', 'examples', 'one-disk.sh'), 'utf8');
  const wanted = { imagePath, kernopts: LAB_KERNOPTS, partscript, postscript: options.postscript ?? ':\n' };
  for (const { argv, stdin } of declarations(labSite(plan), wanted)) await done(argv, stdin);
  await done(['osimage', 'pack', 'compute']);

  return {
    plan,
    dataDir: controllerEnvironment(plan)['LUNA_DATA'] ?? '',
    tree: imagePath,
    luna,
    done,
    status,
    async waitFor(node, what, reached) {
      const until = Date.now() + WAIT_MS;
      for (;;) {
        const now = await status(node).catch(() => null);
        if (now !== null && reached(now)) return now;
        if (now !== null && now.status !== 'running') throw new Error(`${node} ended (${now.status} in ${now.stage}: ${now.reason}) before ${what}`);
        if (Date.now() > until) throw new Error(`${node} did not get to ${what}; it is in ${now?.stage ?? 'nothing'}`);
        await sleep(500);
      }
    },
    console: (node) => consoleOf(options.dir, node),
    ssh(address, command) {
      const settings = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ConnectTimeout=20', 'ConnectionAttempts=30'];
      const key = join(cacheDir, 'image', 'ssh', 'id_ed25519');
      return runInNamespace(plan.namespace, ['ssh', '-i', key, ...settings.flatMap((option) => ['-o', option]), `root@${address}`, command], 60_000);
    },
    async down() {
      await labDown(options.dir);
      rmSync(options.dir, { recursive: true, force: true });
    },
  };
}

function say(env: NodeJS.ProcessEnv, argv: string[], stdin?: string): Promise<Said> {
  const child = spawn(join(projectRoot, 'cli', 'bin', 'luna'), argv, { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: COMMAND_MS });
  const said: Said = { code: 1, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => { said.stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { said.stderr += chunk.toString(); });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin ?? '');
  return new Promise((resolve) => child.on('close', (code) => { resolve({ ...said, code: code ?? 1 }); }));
}

function consoleOf(dir: string, node: string): SiteConsole {
  const { serialLog, consoleSocket } = machineFiles(dir, node);
  return {
    size: () => statSync(serialLog).size,
    async waitFor(text, from, ms = WAIT_MS) {
      const until = Date.now() + ms;
      for (;;) {
        const shown = readFileSync(serialLog).subarray(from).toString('latin1');
        if (text.test(shown)) return;
        if (Date.now() > until) throw new Error(`the console of ${node}, which is ${powerState(dir, node)}, never showed ${String(text)}; its end is\n${readable(shown)}`);
        await sleep(300);
      }
    },
    async type(text) {
      const socket = connect(consoleSocket);
      await once(socket, 'connect');
      socket.resume();
      socket.end(text);
      await once(socket, 'close');
    },
  };
}

/** The end of what a console showed, without what moves cursors and sets colours. */
function readable(shown: string): string {
  // eslint-disable-next-line no-control-regex -- terminals are told things by control characters
  const plain = shown.replaceAll(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replaceAll(/[^\n\x20-\x7e]/g, '');
  return plain.replaceAll(/\n\s*\n/g, '\n').slice(-3000);
}
