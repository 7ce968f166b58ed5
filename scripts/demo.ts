import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadConfig } from '../infra/config.ts';
import { makeDebianTree } from '../infra/image/debian-tree.ts';
import { controllerEnvironment } from '../infra/lab/controller.ts';
import { declarations, LAB_KERNOPTS } from '../infra/lab/declaration.ts';
import { labDown } from '../infra/lab/down.ts';
import { machineFiles } from '../infra/lab/files.ts';
import { labUp } from '../infra/lab/lab.ts';
import { labSite } from '../infra/lab/site.ts';
import { projectRoot } from '../infra/root.ts';

const { values: options } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    nodes: { type: 'string', default: '1' },
    firmware: { type: 'string', default: 'bios' },
    dir: { type: 'string', default: '/var/tmp/luna-demo' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  process.stdout.write(`npm run demo [-- --keep] [--nodes N] [--firmware bios|uefi|bios,uefi] [--dir DIR]

Builds a virtual site (switch, BMCs, machines), installs an operating system on its machines through luna, and boots
one of them from its own disk. --keep leaves all of it up.\n`);
  process.exit(0);
}

const luna = join(projectRoot, 'cli', 'bin', 'luna');
const started = Date.now();
const say = (line: string): void => { process.stdout.write(`[${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}\n`); };

/** Runs one luna command as a person would type it, and shows it. Throws when it fails. */
async function type(env: Record<string, string>, argv: string[], stdin?: string): Promise<void> {
  say(`$ luna ${argv.join(' ')}${stdin === undefined ? '' : ' < script'}`);
  const child = spawn(luna, argv, { env: { ...process.env, ...env }, stdio: [stdin === undefined ? 'ignore' : 'pipe', 'inherit', 'inherit'] });
  child.stdin?.end(stdin);
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => { resolve(exit ?? 1); }));
  if (code !== 0) throw new Error(`luna ${argv.join(' ')} ended with exit code ${code}`);
}

/** Waits until the serial log, from `offset` on, says `text`. */
async function waitForConsole(file: string, offset: number, text: RegExp, deadlineMs: number): Promise<void> {
  const until = Date.now() + deadlineMs;
  while (Date.now() < until) {
    if (text.test(readFileSync(file).subarray(offset).toString('latin1'))) return;
    await sleep(250);
  }
  throw new Error(`the console in ${file} did not show ${String(text)} within ${deadlineMs / 1000} s`);
}

async function main(): Promise<void> {
  say('making the Debian image that will be installed (kept for the next time) and the virtual site');
  const { cacheDir } = loadConfig(process.env);
  const [tree, lab] = await Promise.all([
    makeDebianTree({ cacheDir, progress: say }),
    labUp({ dir: options.dir, name: 'luna-demo', nodes: Number(options.nodes), firmware: options.firmware.split(',') as ('bios' | 'uefi')[] }, say),
  ]);
  const site = labSite(lab.plan);
  const env = controllerEnvironment(lab.plan);
  const ui = Object.values(lab.forwarded)[0];
  say(`Temporal's Web UI: http://127.0.0.1:${ui ?? 0}`);

  const scripts = join(projectRoot, 'infra', 'initramfs', 'examples');
  const partscript = readFileSync(join(scripts, 'one-disk.sh'), 'utf8');
  const postscript = '# The agent installs the boot loader; nothing else is wanted here.\n:\n';
  if (lab.built) {
    for (const { argv, stdin } of declarations(site, { imagePath: tree, kernopts: LAB_KERNOPTS, partscript, postscript })) await type(env, argv, stdin);
  }
  await type(env, ['osimage', 'pack', 'compute']);
  await type(env, ['node', 'list']);
  await type(env, ['provision', site.nodes.map((n) => n.name).join(',')]);
  for (const { name } of site.nodes) await type(env, ['provision', 'status', name]);

  const first = site.nodes[0]?.name ?? 'node001';
  say(`the machine is power-cycled over IPMI: ${first} now boots from its own disk, through luna's localboot answer`);
  const { serialLog } = machineFiles(options.dir, first);
  const offset = statSync(serialLog).size;
  await type(env, ['power', first, 'cycle']);
  await waitForConsole(serialLog, offset, /boots its own disk/, 60_000);
  await waitForConsole(serialLog, offset, / login:/, 180_000);
  say(`${first} is at its login prompt, from its own disk (${serialLog})`);
  say(`Temporal's Web UI with every step: http://127.0.0.1:${ui ?? 0}/namespaces/default/workflows`);
}

async function end(): Promise<void> {
  if (options.keep) {
    say(`all is left up. Use it:  export LUNA_DATA=${join(options.dir, 'controller')}; ${luna} node list    End it:  ${luna} lab down --dir ${options.dir}`);
    return;
  }
  await labDown(options.dir);
  say('the virtual site is gone; npm run demo -- --keep leaves it up');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`the demo failed: ${error instanceof Error ? error.message : String(error)}\nlook at ${options.dir}/controller/log and ${options.dir}/machines\n`);
  process.exitCode = 1;
}
await end();
