import { execFileSync, spawn } from 'node:child_process';
import { controllerAddress } from '../support/own-network.ts';

/** Machines beyond one link that is shaped, each in a network namespace of its own. */
export interface Clients {
  /** Every machine loads these URLs with curl, one after the other, all machines at once; resolves with the seconds until the last had its last byte. */
  load(urls: readonly string[]): Promise<number>;
  remove(): void;
}

const device = 'luna0';
const ip = (command: string): void => { execFileSync('ip', command.split(' ')); };

/**
 * Makes `count` machines behind a bridge on the controller's device, whose way out is shaped to `megabits` in all. The
 * controller plays none of them, so the route by which it would is taken away.
 */
export function makeClients(count: number, megabits: number): Clients {
  const names = Array.from({ length: count }, (_, i) => `luna-http-${process.pid}-${i}`);
  const made: string[] = [];
  const remove = (): void => { for (const name of made.splice(0)) ip(`netns del ${name}`); };
  process.once('exit', remove);
  ip('route del local 10.30.0.0/16 dev lo');
  ip('link add luna-httpbr type bridge');
  ip('link set luna-httpbr up');
  ip('link set wire0 master luna-httpbr');
  // The limit is what waits at a switch: enough for the link's rate, little enough that the sender notices.
  execFileSync('tc', `qdisc add dev ${device} root tbf rate ${megabits}mbit burst 128kb limit 4mb`.split(' '));
  for (const [i, name] of names.entries()) {
    ip(`netns add ${name}`);
    made.push(name);
    ip(`link add port${i} type veth peer name eth0 netns ${name}`);
    ip(`link set port${i} master luna-httpbr up`);
    ip(`-n ${name} address add 10.30.9.${i + 1}/16 dev eth0`);
    ip(`-n ${name} link set eth0 up`);
  }
  return { load: (urls) => curls(names.map((name) => ['ip', 'netns', 'exec', name]), urls), remove };
}

/** As many clients on the controller itself, where nothing is shaped. */
export function loadHere(count: number, urls: readonly string[]): Promise<number> {
  return curls(Array.from({ length: count }, () => []), urls);
}

async function curls(prefixes: readonly (readonly string[])[], urls: readonly string[]): Promise<number> {
  const began = performance.now();
  await Promise.all(prefixes.map((prefix) => {
    const [program = '', ...args] = [...prefix, 'curl', '--silent', '--show-error', '--fail', '--max-time', '100', ...urls.flatMap((url) => ['--output', '/dev/null', url])];
    return new Promise<void>((resolve, reject) => {
      const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      child.once('error', reject);
      child.once('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`curl could not load ${urls[0] ?? ''} from ${controllerAddress}: exit code ${String(code)}`));
      });
    });
  }));
  return (performance.now() - began) / 1000;
}
