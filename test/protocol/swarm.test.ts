import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { positions } from '../../bench/swarm/answer.ts';
import { clients } from '../../bench/swarm/clients.ts';
import { type Incident, runSwarm, type Scene, type SwarmResult, type SwarmRun } from '../../bench/swarm/run.ts';
import { loadConfig } from '../../infra/config.ts';
import { buildPeer } from '../../infra/image/peer-build.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// Machines in network namespaces on links of 10 Mbit/s, with luna's tracker, seeder and the nodes' peer. At that rate the
// image of 6 MiB takes 5 s: long enough for what befalls a machine in between.

const MACHINES = 6;
const STRIPES = 3;
const IMAGE = { machines: MACHINES, mbit: 10, bytes: 6 * 1024 * 1024, pieceLength: 32 * 1024, cut: 120 };
const support = join(import.meta.dirname, '../../bench/swarm');
const folder = temporaryFolder('swarm');

let peer: string;
before(async () => { peer = await buildPeer({ cacheDir: loadConfig(process.env).cacheDir }); });

const run = (what: Partial<SwarmRun>): Promise<SwarmResult> => runSwarm({ ...IMAGE, peer, folder, ...what });

/** The numbers of the machines that have the image, byte for byte. */
const whole = ({ finished }: SwarmResult): number[] => finished.flatMap((at, i) => (at === null ? [] : [i + 1]));

describe('a swarm', () => {
  test('brings the image to every machine, a foreign client among them, and nothing to strangers', async () => {
    const bytesTo = join(folder, 'stranger.json');
    const served = new Map<string, number>();
    const look = (scene: Scene): void => { for (const [machine, bytes] of seederSent(scene)) served.set(machine, Math.max(bytes, served.get(machine) ?? 0)); };

    const result = await run({
      machines: 8, admitted: [1, 2, 3, 4, 5, 6], foreign: { 6: 'aria2', 7: 'aria2' },
      instead: {
        7: clients(peer).aria2.fetch,
        8: ({ infoHash, server }) => [process.execPath, join(support, 'stranger.ts'), bytesTo, infoHash, server, ...[1, 2, 3, 4, 5].map((one) => `10.99.1.${one + 1}`)],
      },
      // A connection's count is gone with it.
      incidents: [1, 2, 3, 4, 5, 6].map((at) => ({ at, act: look })),
      until(scene) {
        look(scene);
        return existsSync(bytesTo);
      },
    });

    assert.deepEqual(whole(result), [1, 2, 3, 4, 5, 6], result.log);
    // Each stripe goes to one machine, and to another one only when that was taken from its place. A swarm without shape
    // sends four or all of the five much. The foreign client takes what it can get.
    const fed = [2, 3, 4, 5, 6].filter((last) => (served.get(`10.99.1.${last}`) ?? 0) > IMAGE.bytes / STRIPES / 4);
    const replaced = result.log.match(/"swarm\.(demoted|restored|removed)"/g) ?? [];
    assert.ok(fed.length > 0 && fed.length <= STRIPES + replaced.length, `the server sent ${JSON.stringify([...served])}; ${result.log}`);
    const sent = Object.values(JSON.parse(readFileSync(bytesTo, 'utf8')) as Record<string, number>);
    assert.deepEqual(sent, [0, 0, 0, 0, 0, 0], 'bytes that the server and five machines sent the stranger');
  });

  test('does without a machine that loses its power, and says which', async () => {
    let dead = '';

    const result = await run({ incidents: [losePower((address) => { dead = address; })], until: ({ controller }) => named(controller.log(), dead) });

    const others = MACHINES - result.lost.length;
    assert.equal(result.lost.length, 1);
    assert.equal(whole(result).length, others, result.log);
    assert.ok(named(result.log, dead), `${dead} in ${result.log}`);
  });

  test('does without a machine that sends what was not signed, and says which', async () => {
    const poisoner = 2;

    const result = await run({
      instead: { [poisoner]: (place) => [process.execPath, join(support, 'hostile.ts'), place.address, place.server, place.folder, place.infoHash, String(IMAGE.pieceLength), 'poison'] },
    });

    assert.deepEqual(whole(result), [1, 3, 4, 5, 6], result.log);
    assert.match(result.log, /10\.99\.1\.3"?\],"why":"[^"]*not signed/);
  });
});

/** Bytes that the server's seeder sent over each connection that is open, by the machine's address. */
function seederSent({ world }: Scene): [string, number][] {
  const connections = world.ask(0, ['ss', '-tinOH', 'sport', '=', ':6881']);
  return [...connections.matchAll(/(10\.99\.1\.\d+)\]?:\d+ .*\bbytes_acked:(\d+)/g)].map(([, machine = '', bytes]) => [machine, Number(bytes)]);
}

/** After a second, when nobody can have the image yet, takes the power from a machine that feeds others. */
function losePower(chosen: (address: string) => void): Incident {
  return {
    at: 1,
    act({ controller, world, lost }) {
      const [feeder = ''] = positions(controller.parents(), world.network.serverAddress).roots;
      const number = Array.from({ length: MACHINES }, (_, i) => i + 1).find((one) => world.network.address(one) === feeder);
      assert.ok(number !== undefined, 'a machine feeds others');
      world.network.plug(number, false);
      world.signal(number, 'SIGKILL');
      lost.add(number);
      chosen(feeder);
    },
  };
}

/** Whether the tracker has logged that a machine was taken from those it fed. */
function named(log: string, address: string): boolean {
  return log.split('\n').some((line) => /"swarm\.(demoted|removed)"/.test(line) && line.includes(`"machines":["${address}"]`));
}
