import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProvisionStatus } from '../../domain/views.ts';
import { loadConfig } from '../../infra/config.ts';
import { makeDebianTree } from '../../infra/image/debian-tree.ts';
import { controllerEnvironment } from '../../infra/lab/controller.ts';
import { declarations, LAB_KERNOPTS } from '../../infra/lab/declaration.ts';
import { labDown } from '../../infra/lab/down.ts';
import { machineFiles } from '../../infra/lab/files.ts';
import { labUp } from '../../infra/lab/lab.ts';
import type { Firmware, LabPlan } from '../../infra/lab/plan.ts';
import { labSite } from '../../infra/lab/site.ts';
import { projectRoot } from '../../infra/root.ts';

/** What a command said and how it ended. */
export interface Said { code: number; stdout: string; stderr: string }

/** A virtual site with luna running in it and its image packed. */
export interface VirtualSite {
  plan: LabPlan;
  /** The controller's LUNA_DATA. */
  dataDir: string;
  /** Runs a luna command as a person would; a command that outlives its deadline is killed and fails. */
  luna(argv: string[], stdin?: string): Promise<Said>;
  /** Runs it and demands exit code 0. */
  done(argv: string[], stdin?: string): Promise<string>;
  status(node: string): Promise<ProvisionStatus>;
  /** Waits until a node's newest run is where `reached` says; fails with what it saw when the run ends or time runs out. */
  waitFor(node: string, what: string, reached: (status: ProvisionStatus) => boolean): Promise<ProvisionStatus>;
  console(node: string): { size(): number; waitFor(text: RegExp, from: number): Promise<void> };
  down(): Promise<void>;
}

const COMMAND_MS = 15 * 60_000;
const WAIT_MS = 10 * 60_000;

/** Builds a site whose machines are declared to luna, with the Debian image packed. Everything slow is cached between runs. */
export async function virtualSite(options: { dir: string; name: string; firmware: Firmware[]; postscript?: string }): Promise<VirtualSite> {
  const { cacheDir } = loadConfig(process.env);
  const [imagePath, { plan }] = await Promise.all([
    makeDebianTree({ cacheDir }),
    labUp({ dir: options.dir, name: options.name, nodes: options.firmware.length, firmware: options.firmware }),
  ]);
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
    console(node) {
      const { serialLog } = machineFiles(options.dir, node);
      return {
        size: () => statSync(serialLog).size,
        async waitFor(text, from) {
          const until = Date.now() + WAIT_MS;
          while (!text.test(readFileSync(serialLog).subarray(from).toString('latin1'))) {
            if (Date.now() > until) throw new Error(`the console of ${node} never showed ${String(text)}`);
            await sleep(300);
          }
        },
      };
    },
    async down() { await labDown(options.dir); },
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
