import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { armedBoot, NONCE } from '../support/boot-http.ts';
import { ask } from '../support/http-client.ts';
import { servedWorld } from '../support/served-world.ts';

const HASH = '%bb'.repeat(20);

/** The machine whose boot it is, and another one. */
const MACHINE = '127.0.0.5';
const OTHER = '127.0.0.6';

const served = servedWorld();
beforeEach(() => {
  served.world.boot = armedBoot({ state: 'live' });
  served.world.admitted = () => true;
});

/** One announce of a peer, from the address of its machine. */
async function announce(peer: string, from: string, query = '', nonce = `&nonce=${NONCE}`): Promise<string> {
  const asked = `info_hash=${HASH}&peer_id=${peer.padEnd(20, '-')}&port=6881&left=5&compact=1${query}${nonce}`;
  return (await ask(`${served.url}/announce?${asked}`, { from })).text;
}

/** A peer as a compact answer holds it (BEP 23). */
const compact = (last: number): string => String.fromCharCode(127, 0, 0, last, 6881 >> 8, 6881 & 255);

describe('the tracker', () => {
  test('tells a peer about the others by the addresses they came from, and not about itself', async () => {
    served.world.boot = armedBoot({ state: 'live', ip: OTHER });
    await announce('a', MACHINE, '&event=started');
    const told = await announce('b', OTHER, '&event=started&ip=10.9.9.9');
    const back = await announce('a', MACHINE);

    assert.ok(told.includes(`5:peers6:${compact(5)}`), told);
    assert.ok(back.includes(`5:peers6:${compact(6)}`), back);
    assert.match(told, /8:intervali10e12:min intervali5e/);
  });

  test('forgets a peer that stops', async () => {
    served.world.boot = armedBoot({ state: 'live', ip: OTHER });
    await announce('a', MACHINE, '&event=started');
    await announce('b', OTHER, '&event=stopped');

    assert.match(await announce('a', MACHINE), /5:peers0:/);
  });

  test('refuses who has no nonce, but for the controller itself', async () => {
    const stranger = await announce('c', '127.0.0.7', '', '');
    const own = await announce('s', '127.0.0.1', '', '');

    assert.match(stranger, /^d14:failure reason\d+:this call needs the nonce/);
    assert.match(own, /5:peers/);
  });

  test('refuses a machine with the nonce of another, which stands in the .torrent that was served to that one', async () => {
    assert.match(await announce('a', OTHER), /^d14:failure reason\d+:the boot of node001 does not come from 127\.0\.0\.6/);
  });

  test('refuses a machine that installs another image', async () => {
    served.world.admitted = (_ip, infoHash) => infoHash !== 'b'.repeat(40);

    assert.match(await announce('a', MACHINE), /^d14:failure reason\d+:the machine at 127\.0\.0\.5 does not install this image now/);
  });

  test('says of an address whether its machine loads the image too, to peers that ask', async () => {
    served.world.admitted = (ip) => ip === MACHINE;
    const who = async (ip: string): Promise<string> => announce('a', MACHINE, `&striped=1&who=${ip}`);

    assert.match(await who(MACHINE), /8:luna whoi1e/);
    assert.match(await who(OTHER), /8:luna whoi0e/);
  });

  test('refuses a nonce that died with its run', async () => {
    served.world.boot = armedBoot({ state: 'dead' });

    assert.match(await announce('a', MACHINE), /^d14:failure reason/);
  });

  test('refuses a torrent that luna does not serve', async () => {
    const { text } = await ask(`${served.url}/announce?info_hash=${'%aa'.repeat(20)}&peer_id=${'p'.repeat(20)}&port=1&nonce=${NONCE}`);

    assert.match(text, /^d14:failure reason28:no such image is served here/);
  });

  test('answers what is no announce with a reason', async () => {
    for (const query of ['', 'info_hash=x', `info_hash=${HASH}`, `info_hash=${HASH}&peer_id=${'p'.repeat(20)}&port=99999`, 'info_hash[]=1&peer_id[a]=2']) {
      assert.match((await ask(`${served.url}/announce?${query}&nonce=${NONCE}`)).text, /^d14:failure reason/, query);
    }
  });

  for (const [what, reason] of [['port=6.1', 'invalid port'], ['port=6881&compact=2', 'invalid compact']] as const) {
    test(`refuses ${what} by name, which the library lets through`, async () => {
      const { text } = await ask(`${served.url}/announce?info_hash=${HASH}&peer_id=${'p'.repeat(20)}&${what}&nonce=${NONCE}`, { from: MACHINE });

      assert.equal(text, `d14:failure reason${reason.length}:${reason}e`);
    });
  }

  test('scrapes for those who are admitted', async () => {
    await announce('a', MACHINE, '&event=started');
    const scrape = (query: string): Promise<{ text: string }> => ask(`${served.url}/scrape?info_hash=${HASH}${query}`, { from: MACHINE });

    assert.match((await scrape(`&nonce=${NONCE}`)).text, /10:incompletei\d+e/);
    assert.match((await scrape('')).text, /^d14:failure reason/);
  });
});
