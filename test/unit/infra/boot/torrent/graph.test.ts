import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childrenOf, demoted, depthOf, emptyGraph, type Graph, refed, restored, withArrivals, without } from '../../../../../infra/boot/torrent/graph.ts';

const machines = (count: number, switches = 1) => Array.from({ length: count }, (_, i) => ({ id: `n${i + 1}`, switch: `switch${i % switches}` }));
const swarm = (count: number, stripes = 3, switches = 1): Graph => withArrivals(emptyGraph(stripes), machines(count, switches));
/** Machines that arrive one after another, each while the others have nothing yet. */
const oneByOne = (count: number): Graph => machines(count).reduce((graph, machine) => withArrivals(graph, [machine]), emptyGraph(3));
const loads = (graph: Graph): number[] => [...graph.members.keys()].map((id) => childrenOf(graph, id).length);
const stripesOf = (graph: Graph): number[] => Array.from({ length: graph.stripes }, (_, stripe) => stripe);
const deepest = (graph: Graph): number => Math.max(...[...graph.members.keys()].flatMap((id) => stripesOf(graph).map((stripe) => depthOf(graph, id, stripe))));

/** Every machine is fed in every stripe, the server once in each, and following the feeders leads to the server. */
function assertTrees(graph: Graph): void {
  for (const stripe of stripesOf(graph)) {
    assert.equal(childrenOf(graph, null).filter((child) => child.stripe === stripe).length, 1, `roots of stripe ${stripe}`);
    for (const id of graph.members.keys()) assert.ok(depthOf(graph, id, stripe) <= graph.members.size, `${id} is on a circle of stripe ${stripe}`);
  }
}

describe('the graph of a swarm', () => {
  it('gives one machine everything from the server', () => {
    const graph = swarm(1);

    assert.deepEqual(graph.members.get('n1')?.parents, [null, null, null]);
  });

  for (const [count, stripes] of [[2, 3], [8, 3], [36, 3], [72, 3], [72, 4], [300, 4]] as const) {
    it(`lets each of ${count} machines send the image once at most, and the server once, in ${stripes} stripes`, () => {
      const graph = swarm(count, stripes);

      assertTrees(graph);
      assert.ok(Math.max(...loads(graph)) <= stripes);
    });
  }

  it('is as deep as a tree, not as a chain', () => {
    assert.ok(deepest(swarm(72)) <= 6);
  });

  it('crosses to another switch once for each stripe', () => {
    const graph = swarm(72, 3, 2);
    const crossings = [...graph.members.values()].flatMap((member) => member.parents.filter((parent) => parent !== null && graph.members.get(parent)?.switch !== member.switch));

    assert.equal(crossings.length, 3);
  });

  it('leaves each of many switches, and comes to it, few times in each stripe, and stays flat', () => {
    const racks = machines(360).map(({ id }, i) => ({ id, switch: `rack${Math.floor(i / 36)}` }));

    const graph = withArrivals(emptyGraph(3), racks);

    const rackOf = (id: string): string => graph.members.get(id)?.switch ?? '';
    for (const stripe of stripesOf(graph)) {
      const crossings = [...graph.members.values()].flatMap(({ id, parents }) => {
        const parent = parents[stripe] ?? null;
        return parent === null || rackOf(parent) === rackOf(id) ? [] : [{ from: rackOf(parent), to: rackOf(id) }];
      });
      for (const rack of new Set(racks.map((one) => one.switch))) {
        assert.ok(crossings.filter(({ from }) => from === rack).length <= 4, `out of ${rack}`);
        assert.ok(crossings.filter(({ to }) => to === rack).length <= 4, `into ${rack}`);
      }
    }
    assert.ok(deepest(graph) <= 12, `${deepest(graph)} deep`);
  });

  it('is as deep as a tree also when machines arrive one by one', () => {
    const graph = oneByOne(72);

    assertTrees(graph);
    assert.ok(deepest(graph) <= 8, `${deepest(graph)} deep`);
    assert.ok(Math.max(...loads(graph)) <= 3);
  });

  it('has everyone fed by one that passes that stripe on, as soon as there are enough', () => {
    const graph = oneByOne(36);

    const strange = [...graph.members.values()].flatMap((member) => member.parents.filter((parent, stripe) => parent !== null && graph.members.get(parent)?.stripe !== stripe));

    assert.deepEqual(strange, []);
  });

  it('places those who come late below those who are there, and moves nobody who is far ahead', () => {
    const before = swarm(36);

    const after = withArrivals(before, [{ id: 'late', switch: 'switch0' }], (id) => (id === 'late' ? 0 : 0.5));

    assertTrees(after);
    assert.ok(Math.max(...loads(after)) <= 3);
    for (const [id, member] of before.members) assert.deepEqual(after.members.get(id), member);
  });

  it('feeds those who come late from machines that have everything, near the server', () => {
    const before = swarm(36);

    const after = withArrivals(before, machines(48).slice(36), (id) => (before.members.has(id) ? 1 : 0));

    assertTrees(after);
    assert.ok(deepest(after) <= deepest(before) + 1);
  });

  it('takes who is there already for no arrival', () => {
    const graph = swarm(8);

    assert.deepEqual(withArrivals(graph, machines(8)), graph);
  });

  it('feeds those whose feeder is gone from others', () => {
    const graph = ['n3', 'n4', 'n20'].reduce((before, id) => without(before, id), swarm(36));

    assertTrees(graph);
    assert.ok([...graph.members.values()].every((member) => !member.parents.some((parent) => parent === 'n3' || parent === 'n4' || parent === 'n20')));
    assert.ok(Math.max(...loads(graph)) <= 4);
  });

  it('moves what a slow machine fed to where room is, so that nobody feeds more than before', () => {
    const graph = swarm(36);
    for (const slow of ['n1', 'n2', 'n17', 'n36']) {
      const after = demoted(graph, slow);

      assertTrees(after);
      assert.deepEqual(childrenOf(after, slow), []);
      assert.ok(Math.max(...loads(after)) <= 3, `${slow} demoted`);
    }
  });

  it('is hardly deeper without a machine that many hang on, or when it feeds no more', () => {
    const graph = swarm(72);
    for (const [id, stripe] of childrenOf(graph, null).map((root) => [root.id, root.stripe] as const)) {
      assert.ok(deepest(demoted(graph, id)) <= deepest(graph) + 1, `root of ${stripe} demoted`);
      assert.ok(deepest(without(graph, id)) <= deepest(graph) + 1, `root of ${stripe} gone`);
    }
  });

  it('lets a machine that was demoted feed again', () => {
    const before = demoted(swarm(36), 'n5');

    const after = restored(before, 'n5');

    assertTrees(after);
    assert.equal(after.members.get('n5')?.feeds, true);
    assert.ok(Math.max(...loads(after)) <= 3);
  });

  it('relieves machines that feed too many as soon as others feed again', () => {
    const slow = ['n4', 'n5', 'n6', 'n7', 'n8'];
    const crowded = slow.reduce((graph, id) => demoted(graph, id), swarm(36));
    assert.ok(Math.max(...loads(crowded)) > 3);

    const after = slow.reduce((graph, id) => restored(graph, id), crowded);

    assertTrees(after);
    assert.ok(Math.max(...loads(after)) <= 3);
  });

  it('lets the far end suffer when there is too little room: machines whose children feed nobody', () => {
    const graph = ['n10', 'n11', 'n12'].reduce((before, id) => demoted(before, id), swarm(72));

    for (const [id, load] of [...graph.members.keys()].map((one) => [one, childrenOf(graph, one).length] as const)) {
      if (load <= 3) continue;
      for (const child of childrenOf(graph, id)) assert.deepEqual(childrenOf(graph, child.id).filter(({ stripe }) => stripe === child.stripe), [], `${id} feeds ${child.id}`);
    }
  });

  it('feeds one from elsewhere that complains of its feeder', () => {
    const graph = swarm(36);
    const feeder = graph.members.get('n20')?.parents[1] ?? '';

    const after = refed(graph, 'n20', feeder);

    assertTrees(after);
    assert.equal(after.members.get('n20')?.parents.includes(feeder), false);
  });

  it('gives the server another root when the root is slow', () => {
    const graph = swarm(36);
    const root = childrenOf(graph, null).find((child) => child.stripe === 0)?.id ?? '';

    const after = demoted(graph, root);

    assert.equal(childrenOf(after, null).some((child) => child.id === root), false);
  });

  it('keeps feeding the last two machines when both are slow', () => {
    const graph = demoted(demoted(swarm(2), 'n1'), 'n2');

    for (const member of graph.members.values()) assert.deepEqual(member.parents, [null, null, null]);
  });

  it('stays whole through any order of arrivals, departures and demotions', () => {
    let graph = emptyGraph(3);
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let step = 0; step < 600; step += 1) {
      const id = `n${random(40)}`;
      const action = random(6);
      const share = new Map([...graph.members.keys()].map((one) => [one, random(5) / 4]));
      const progress = (one: string): number => share.get(one) ?? 0;
      if (action < 2) graph = withArrivals(graph, [{ id, switch: null }, { id: `n${random(40)}`, switch: 'b' }], progress);
      else if (action === 2) graph = without(graph, id, progress);
      else if (action === 3) graph = demoted(graph, id, progress);
      else if (action === 4) graph = restored(graph, id, progress);
      else graph = refed(graph, id, graph.members.get(id)?.parents[random(3)] ?? '', progress);
      for (const stripe of stripesOf(graph)) for (const one of graph.members.keys()) assert.ok(depthOf(graph, one, stripe) <= graph.members.size);
    }
  });
});
