import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Announced, createSwarmBook, type SwarmBook } from '../../../../../infra/boot/torrent/swarm-book.ts';
import { withArrivals, emptyGraph } from '../../../../../infra/boot/torrent/graph.ts';
import type { SwarmRecord } from '../../../../../domain/swarm.ts';

const SIZE = 1_000_000_000;
const NODES: Readonly<Record<string, string>> = { '10.0.0.1': 'node001', '10.0.0.2': 'node002', '10.0.0.3': 'node003' };

/** A book whose clock is turned by hand, in seconds; every link is reported as 1000 Mbit/s unless said. */
function opened(link: number | null = 1000): { book: SwarmBook; at(seconds: number): SwarmBook; end(seconds: number): SwarmRecord | null } {
  let now = 0;
  const book = createSwarmBook({ osimageId: 'img1', osimage: 'compute', artefact: 'art1', part: 'tree', infoHash: 'ab', size: SIZE }, {
    now: () => now * 1000, date: () => new Date(now * 1000), serverLink: () => null,
    machineAt: (ip) => ({ node: NODES[ip] ?? null, switch: null, link }),
  });
  const at = (seconds: number): SwarmBook => {
    now = seconds;
    return book;
  };
  // Someone looks every second.
  const end = (seconds: number): SwarmRecord | null => {
    for (let record = null; now < seconds; now += 1) {
      record = book.look();
      if (record !== null) return record;
    }
    return book.look();
  };
  return { book, at, end };
}

const told = (ip: string, loaded: number, changes: Partial<Announced> = {}): Announced => (
  { ip, event: 'update', shaped: true, uploaded: 0, downloaded: loaded, left: SIZE - loaded, ...changes }
);
const starts = (ip: string): Announced => told(ip, 0, { event: 'started' });

describe('what is written down of a swarm', () => {
  test('is a record when all have the image: T_last from the last arrival, the bound of the links, the share, what the server sent', () => {
    const { at, end } = opened();
    at(0).heard(starts('10.0.0.1'));
    at(1).heard(starts('10.0.0.2'));
    at(10).heard(told('10.0.0.1', SIZE, { uploaded: 900_000_000 }));
    at(11).heard(told('10.0.0.2', SIZE));

    const record = end(30);

    assert.ok(record !== null);
    const { machines, done, seconds, last, arrivals, lastNode, bound, share, link, copies, lost, resumed } = record;
    assert.deepEqual({ machines, done, seconds, last, arrivals, lastNode, bound, share, link, lost, resumed }, {
      machines: 2, done: 2, seconds: 11, last: 10, arrivals: 1, lastNode: 'node002', bound: 8, share: 0.8, link: { mbit: 1000, known: 'reported' }, lost: [], resumed: 0,
    });
    assert.equal(copies.toFixed(2), '1.10');
    assert.equal(record.endedAt !== null && record.startedAt, new Date(0).toISOString());
  });

  test('is no record while somebody loads, and one record of those that come within ten seconds of each other', () => {
    const { book, at, end } = opened();
    at(0).heard(starts('10.0.0.1'));
    at(8).heard(told('10.0.0.1', SIZE));
    at(15).heard(starts('10.0.0.2'));
    assert.equal(end(16), null);
    at(23).heard(told('10.0.0.2', SIZE));

    assert.equal(end(30), null);
    assert.equal(end(40)?.machines, 2);
    assert.equal(book.open(), null);
  });

  test('names who was lost, with how far it was and why; who comes back is not lost', () => {
    const { at, end } = opened();
    for (const ip of Object.keys(NODES)) at(0).heard(starts(ip));
    at(4).heard(told('10.0.0.1', SIZE / 2));
    at(5).shaped({ kind: 'removed', ids: ['10.0.0.1', '10.0.0.2'], why: 'silent, says 10.0.0.3' });
    at(15).heard(told('10.0.0.2', SIZE / 4));
    at(18).heard(told('10.0.0.2', SIZE));
    at(18).heard(told('10.0.0.3', SIZE));

    const record = end(40);

    assert.deepEqual(record?.lost, [{ node: 'node001', percent: 50, why: 'silent, says node003' }]);
    assert.deepEqual([record.copies, record.resumed], [2.5, 0]);
    assert.deepEqual(record.events.map(({ kind, nodes, why }) => ({ kind, nodes, why })), [{ kind: 'removed', nodes: ['node001', 'node002'], why: 'silent, says node003' }]);
  });

  test('counts what came from the web seed as sent by the server, and what other machines sent once only', () => {
    const { book, at } = opened();
    at(0).heard(starts('10.0.0.1'));
    at(0).heard(starts('10.0.0.2'));
    at(5).heard(told('10.0.0.1', 0, { left: 0, uploaded: SIZE }));
    at(6).heard(told('10.0.0.2', SIZE));

    assert.equal(book.summary().copies, 1);
  });

  test('takes a client that began anew for what it is: neither its old bytes nor its new ones count twice', () => {
    const { book, at } = opened();
    at(0).heard(starts('10.0.0.1'));
    at(2).heard(told('10.0.0.1', 400_000_000));
    at(3).heard(told('10.0.0.1', 0, { event: 'started' }));
    at(9).heard(told('10.0.0.1', SIZE));

    assert.equal(book.summary().copies, 1.4);
  });

  test('gives no share of a wave in which machines brought a part along', () => {
    const { at, end } = opened();
    at(0).heard(told('10.0.0.1', SIZE / 2));
    at(4).heard(told('10.0.0.1', SIZE));

    const record = end(20);

    assert.deepEqual([record?.resumed, record?.share, record?.copies], [1, null, 0.5]);
  });

  test('takes the fastest that was seen for the rate of the links when no card reports it', () => {
    const { book, at } = opened(null);
    at(0).heard(starts('10.0.0.1'));
    at(4).heard(told('10.0.0.1', SIZE / 2));

    assert.deepEqual(book.summary().link, { mbit: 1000, known: 'seen' });
  });

  test('shows every machine with its rates, its percent, its place and why it was demoted', () => {
    const { book, at } = opened();
    at(0).heard(starts('10.0.0.1'));
    at(0).heard(starts('10.0.0.9'));
    at(2).heard(told('10.0.0.1', SIZE / 4, { uploaded: 100_000_000 }));
    at(2).shaped({ kind: 'demoted', ids: ['10.0.0.1'], why: 'is late for 10.0.0.9 and 10.0.0.2' });
    const graph = withArrivals(emptyGraph(3), [{ id: '10.0.0.1', switch: null }, { id: '10.0.0.9', switch: null }]);

    const { members, rateIn, rateOut, stripes } = book.view(graph);

    assert.deepEqual([rateIn, rateOut, stripes], [125_000_000, 50_000_000, 3]);
    assert.deepEqual(members.map(({ node, percent, eta, why, parents }) => ({ node, percent, eta, why, roots: parents.filter((one) => one === null).length })), [
      { node: 'node001', percent: 25, eta: 6, why: 'is late for 10.0.0.9 and node002', roots: 2 },
      { node: '10.0.0.9', percent: 0, eta: null, why: '', roots: 1 },
    ]);
  });

  test('forgets who has all and went, and keeps apart who is silent while it loads', () => {
    const { book, at, end } = opened();
    at(0).heard(starts('10.0.0.1'));
    at(0).heard(starts('10.0.0.2'));
    at(5).heard(told('10.0.0.1', SIZE));
    at(5).heard(told('10.0.0.1', SIZE, { event: 'stopped' }));
    end(12);

    assert.deepEqual(book.view(null).members.map(({ node, state, why }) => ({ node, state, why })), [{ node: 'node002', state: 'gone', why: 'it is not heard any more' }]);
  });
});
