import { execFileSync, spawnSync } from 'node:child_process';

/** The controller's address in a benchmark's network, and the network. */
export const controllerAddress = '10.30.0.1';
const network = '10.30.0.0/16';

const inside = 'LUNA_BENCH_NETWORK';

/**
 * Runs this program again in a network namespace without a name, which ends with it: ports of a luna on this machine are
 * not in the way, and nothing answers DHCP on a real network. There, 10.30.0.1 is an interface's address and all of
 * 10.30.0.0/16 can be bound, so that each machine that is played has an address of its own. Needs root.
 */
export function inOwnNetwork(): void {
  enterNamespace();
  // A veth: without a carrier, as a bridge alone would be, an interface doesn't count as running.
  const device = 'luna0';
  const commands = [
    `link add ${device} type veth peer name wire0`, 'link set wire0 up', `link set ${device} up`,
    `address add ${controllerAddress}/16 dev ${device}`, `route add local ${network} dev lo`,
  ];
  for (const command of commands) execFileSync('ip', command.split(' '));
}

/** Runs this program again in a network namespace of its own that has nothing but `lo`; returns there. Needs root. */
export function enterNamespace(): void {
  if (process.env[inside] === 'own') {
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    return;
  }
  if (process.getuid?.() !== 0) {
    console.error('This benchmark makes a network namespace, which only root may. Next: sudo npm run bench -- NAME');
    process.exit(2);
  }
  const { status, signal, error } = spawnSync('unshare', ['--net', '--', process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit', env: { ...process.env, [inside]: 'own' },
  });
  if (error) console.error(`unshare could not be run: ${error.message}. Next: apt-get install util-linux`);
  process.exit(status ?? (signal === null ? 1 : 130));
}
