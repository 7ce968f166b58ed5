import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { installOnce, type Installation } from './provision/installation.ts';
import { median, report, rounded, say } from './support/outcome.ts';

// One virtual machine of the lab is installed again and again: how long after its power-on each stage has ended.

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, firmware: { type: 'string', default: 'bios' }, dir: { type: 'string', default: '/var/tmp/luna-bench' } },
});
const firmware = options.firmware === 'uefi' ? 'uefi' : 'bios';
const luna = join(projectRoot, 'cli', 'bin', 'luna');

try {
  const [tree, lab] = await Promise.all([
    makeDebianTree({ cacheDir: loadConfig(process.env).cacheDir, progress: say }),
    labUp({ dir: options.dir, name: 'luna-bench', nodes: 1, firmware: [firmware] }, say),
  ]);
  const env = { ...process.env, ...controllerEnvironment(lab.plan) };
  const type = (argv: string[], input?: string) => execFileSync(luna, argv, { env, stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'inherit'], ...(input === undefined ? {} : { input }) });
  const partscript = readFileSync(join(projectRoot, 'infra', 'initramfs', 'examples', 'one-disk.sh'), 'utf8');
  for (const { argv, stdin } of declarations(labSite(lab.plan), { imagePath: tree, kernopts: LAB_KERNOPTS, partscript, postscript: ':\n' })) type(argv, stdin);
  const packing = performance.now();
  type(['osimage', 'pack', 'compute']);
  const packS = (performance.now() - packing) / 1000;
  say(`the image was packed in ${rounded(packS, 0)} s`);

  const [node = ''] = lab.plan.machines.map(({ name }) => name);
  const runs: Installation[] = [];
  for (let run = 1; run <= Number(options.runs); run += 1) {
    const installation = await installOnce(env, node, machineFiles(options.dir, node).dir);
    say(`run ${run}: hello after ${rounded(installation.helloS, 1)} s, ready after ${rounded(installation.readyS, 1)} s`);
    runs.push(installation);
  }
  show(runs, packS);
} finally {
  await labDown(options.dir);
}

function show(runs: readonly Installation[], packS: number): void {
  const middle = (figure: (run: Installation) => number): number => rounded(median(runs.map(figure)), 1);
  const stages = [...new Set(runs.flatMap(({ ends }) => [...ends.keys()]))];
  const waited = ({ waits }: Installation): number => [...waits.values()].reduce((sum, wait) => sum + wait, 0);
  const row = (label: string, figure: (run: Installation) => number): (string | number)[] => [label, ...runs.map((run) => rounded(figure(run), 1)), middle(figure)];
  report({
    bench: 'provision',
    columns: ['seconds from power-on', ...runs.map((_, i) => `run ${i + 1}`), 'median'],
    rows: [
      ...stages.map((stage) => row(`to the end of ${stage}`, ({ ends }) => ends.get(stage) ?? NaN)),
      ...stages.filter((stage) => runs.some(({ waits }) => waits.has(stage))).map((stage) => row(`waited before ${stage}`, ({ waits }) => waits.get(stage) ?? NaN)),
      row('waited for luna in all', waited),
    ],
    figures: {
      agent_s: middle(({ helloS }) => helloS),
      ready_s: middle(({ readyS }) => readyS),
      luna_wait_s: middle(waited),
      luna_share: rounded(median(runs.map((run) => waited(run) / run.readyS)), 3),
      pack_s: rounded(packS, 1),
      ...Object.fromEntries(stages.map((stage) => [`end_s_${stage.replace('.', '_')}`, middle(({ ends }) => ends.get(stage) ?? NaN)])),
    },
    targets: { agent_s: 20, ready_s: 120 },
  });
}
