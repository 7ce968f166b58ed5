import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { childrenOf, type Graph } from '../../../../../infra/boot/torrent/graph.ts';
import { createShaper, type ShapeEvent, type Shaper, type Told } from '../../../../../infra/boot/torrent/shaper.ts';

const MB = 1_000_000;
let time = 0;
let events: ShapeEvent[] = [];
let shaper: Shaper;

const told = (id: string, more: Partial<Told> = {}): Told => ({ id, switch: null, lost: [], late: [], bad: [], uplink: null, left: 100 * MB, ...more });
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i + 1}`);
const isRoot = (graph: Graph, id: string): boolean => childrenOf(graph, null).some((root) => root.id === id);
/** A machine that feeds three others and is not fed by the server. */
const inner = (graph: Graph): string => [...graph.members.keys()].find((id) => childrenOf(graph, id).length === 3 && !isRoot(graph, id)) ?? '';
const childrenIds = (id: string): string[] => childrenOf(shaper.graph(), id).map((child) => child.id);
const feeds = (id: string): boolean | undefined => shaper.graph().members.get(id)?.feeds;
const said = (kind: ShapeEvent['kind']): string[] => events.filter((event) => event.kind === kind).flatMap(({ ids }) => ids);

/** Machines that arrive together. */
async function arrive(count: number): Promise<void> {
  await Promise.all(names(count).map((id) => shaper.announce(told(id))));
}

describe('the shaper of a swarm', () => {
  beforeEach(() => {
    time = 0;
    events = [];
    shaper = createShaper({ stripes: 3, spares: 3, now: () => time, shaped: (event) => { events.push(event); } });
  });

  it('places machines that arrive together as one wave', async () => {
    await arrive(12);

    assert.deepEqual(events.map(({ kind, ids }) => [kind, ids.length]), [['placed', 12]]);
  });

  it('gives each machine three others as spares, none of which feeds it already', async () => {
    await arrive(12);

    for (const id of names(12)) {
      const { parents, spares } = await shaper.announce(told(id));
      assert.equal(new Set(spares).size, 3);
      assert.ok(!spares.some((spare) => spare === id || parents.includes(spare)), `${id}: ${spares.join()} beside ${parents.join()}`);
    }
  });

  it('gives no place to a machine that leaves before it has one', async () => {
    const arriving = arrive(3);
    shaper.remove('n2', 'left');
    await arriving;

    assert.deepEqual([...shaper.graph().members.keys()], ['n1', 'n3']);
  });

  it('takes those it feeds away from a machine that sends a quarter of what others send', async () => {
    await arrive(12);
    const slow = inner(shaper.graph());

    for (const id of names(12)) await shaper.announce(told(id, { uplink: id === slow ? 0.25 * MB : MB }));
    time += 200;
    await shaper.announce(told(slow, { uplink: 0.25 * MB }));

    assert.deepEqual(said('demoted'), [slow]);
    assert.deepEqual(childrenIds(slow), []);
  });

  it('lets a machine feed others again after a pause', async () => {
    await arrive(12);
    const blamed = inner(shaper.graph());
    for (const child of childrenIds(blamed)) await shaper.announce(told(child, { lost: [blamed] }));
    assert.equal(feeds(blamed), false);

    for (let turn = 0; turn < 4; turn += 1) {
      time += 5000;
      for (const id of names(12)) await shaper.announce(told(id));
    }

    assert.equal(feeds(blamed), true);
  });

  it('blames a machine that three find late within five seconds, and not one that two do', async () => {
    await arrive(12);
    const late = inner(shaper.graph());
    const [first = '', second = '', third = ''] = childrenIds(late);
    for (const child of [first, second]) await shaper.announce(told(child, { late: [late] }));
    const afterTwo = feeds(late);

    await shaper.announce(told(third, { late: [late] }));

    assert.deepEqual([afterTwo, feeds(late)], [true, false]);
  });

  it('does not blame a machine that is seen to send as fast as any because three find it late', async () => {
    await arrive(12);
    for (const id of names(12)) await shaper.announce(told(id, { uplink: MB }));
    time += 200;
    const fine = inner(shaper.graph());

    for (const child of childrenIds(fine)) await shaper.announce(told(child, { late: [fine] }));

    assert.equal(feeds(fine), true);
  });

  it('feeds a machine that finds its feeder late by somebody else', async () => {
    await arrive(12);
    const feeder = inner(shaper.graph());
    const [child = ''] = childrenIds(feeder);

    const { parents } = await shaper.announce(told(child, { late: [feeder] }));

    assert.ok(!parents.includes(feeder));
  });

  it('keeps a machine from feeding for good when two say that it sent what was not signed', async () => {
    await arrive(12);
    for (const by of ['n2', 'n3']) await shaper.announce(told(by, { bad: ['n1'] }));

    for (let turn = 0; turn < 8; turn += 1) {
      time += 5000;
      for (const id of names(12)) await shaper.announce(told(id));
    }

    assert.equal(feeds('n1'), false);
  });

  it('remembers who was kept from feeding when that one leaves and comes again', async () => {
    await arrive(12);
    for (const by of ['n2', 'n3']) await shaper.announce(told(by, { bad: ['n1'] }));

    shaper.remove('n1', 'left');
    await shaper.announce(told('n1'));

    assert.equal(feeds('n1'), false);
    assert.deepEqual(childrenIds('n1'), []);
  });

  it('does not believe who says of everybody that they sent what was not signed', async () => {
    await arrive(24);

    for (const id of ['n2', 'n3', 'n4', 'n5', 'n6', 'n7']) await shaper.announce(told('n1', { bad: [id] }));

    assert.deepEqual(said('demoted'), ['n2', 'n3', 'n4', 'n1']);
  });

  it('does not listen to what is said of machines that are none of the swarm', async () => {
    await arrive(24);

    for (let i = 0; i < 20; i += 1) await shaper.announce(told('n1', { bad: [`nobody${i}`] }));

    assert.deepEqual(said('demoted'), []);
  });

  it('takes out a machine that neither its children nor the tracker hear of', async () => {
    await arrive(12);
    const dead = inner(shaper.graph());
    const [child = ''] = childrenIds(dead);

    time += 4000;
    await shaper.announce(told(child, { lost: [dead] }));

    assert.deepEqual(said('removed'), [dead]);
  });

  it('takes out a machine that was not heard for ten seconds, of which nobody complains', async () => {
    await arrive(12);

    for (let turn = 0; turn < 6; turn += 1) {
      time += 2000;
      for (const id of names(11)) await shaper.announce(told(id));
    }

    assert.deepEqual(said('removed'), ['n12']);
  });

  it('tells a machine that waits as soon as its feeders change', async () => {
    await arrive(12);
    const feeder = inner(shaper.graph());
    const [child = ''] = childrenIds(feeder);
    const before = shaper.graph().members.get(child)?.parents ?? [];

    const waiting = shaper.changed(child, before, 60_000);
    shaper.remove(feeder, 'left');

    assert.ok(!(await waiting).parents.includes(feeder));
  });
});
