import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../infra/root.ts';
import { openStore } from '../infra/store/connect.ts';
import { openSecretBox } from '../infra/store/secrets-key.ts';
import { childrensCpuSeconds } from './support/cpu.ts';
import { benchLog, startInstance } from './support/instance.ts';
import { median, report, rounded, say } from './support/outcome.ts';
import { inOwnNetwork } from './support/own-network.ts';
import { declareSite } from './support/site.ts';

// What a person waits for when he types a command, beside the Node it runs on: `luna node list` asks a real API.

const { values: options } = parseArgs({ options: { runs: { type: 'string', default: '20' }, nodes: { type: 'string', default: '300' } } });
inOwnNetwork();

const luna = join(projectRoot, 'cli', 'bin', 'luna');
const commands: Record<string, string[]> = {
  'node -e 0': [process.execPath, '-e', '0'],
  'luna --version': [luna, '--version'],
  'luna node list': [luna, 'node', 'list'],
  // What the tab key asks for.
  'luna __complete': [luna, '__complete', 'node', 'show', 'node00'],
};

const instance = await startInstance(['documents', 'api']);
try {
  const nodes = Number(options.nodes);
  const store = await openStore(instance.config.mongo.uri, { log: benchLog, secrets: openSecretBox(instance.config.secretsKey) });
  await declareSite(store, instance.config, nodes, { bmc: true });
  await store.close();
  const { times, cpu } = measure(Number(options.runs), nodes);
  const middle = new Map([...times].map(([name, ms]) => [name, median(ms)]));
  const node = middle.get('node -e 0') ?? NaN;
  const nodeCpu = cpu.get('node -e 0') ?? NaN;
  report({
    bench: 'cli',
    columns: ['command', 'median ms', 'fastest ms', 'slowest ms', 'over node ms', 'CPU ms'],
    rows: [...times].map(([name, ms]) => {
      const columns = [median(ms), Math.min(...ms), Math.max(...ms), median(ms) - node, cpu.get(name) ?? NaN];
      return [name, ...columns.map((value) => rounded(value, 1))];
    }),
    figures: {
      over_node_ms: rounded(Math.max(...middle.values()) - node, 1),
      node_ms: rounded(node, 1),
      version_ms: rounded(middle.get('luna --version') ?? NaN, 1),
      complete_ms: rounded(middle.get('luna __complete') ?? NaN, 1),
      node_list_ms: rounded(middle.get('luna node list') ?? NaN, 1),
      over_node_cpu_ms: rounded(Math.max(...cpu.values()) - nodeCpu, 1),
      nodes,
    },
    targets: { over_node_ms: 110, complete_ms: 150 },
  });
} finally {
  await instance.stop();
}

/**
 * Milliseconds of each command's runs, and the mean of their CPU time, which other work on the machine changes less. The
 * commands take turns, so that it hits them all alike.
 */
function measure(runs: number, nodes: number): { times: Map<string, number[]>; cpu: Map<string, number> } {
  const times = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
  const cpu = new Map(Object.keys(commands).map((name) => [name, 0]));
  say(`${runs} runs of each command`);
  for (let run = -1; run < runs; run += 1) {
    for (const [name, argv] of Object.entries(commands)) {
      const [program = '', ...args] = argv;
      const cpuBefore = childrensCpuSeconds();
      const began = performance.now();
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      const took = performance.now() - began;
      if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
      if (name === 'luna node list' && stdout.trim().split('\n').length < nodes) throw new Error(`${name} did not show ${nodes} nodes:\n${stdout.slice(0, 500)}`);
      // The first run fills caches (the compile cache among them), as a person's first command after set-up does.
      if (run < 0) continue;
      times.get(name)?.push(took);
      cpu.set(name, (cpu.get(name) ?? 0) + (childrensCpuSeconds() - cpuBefore) * 1000 / runs);
    }
  }
  return { times, cpu };
}
