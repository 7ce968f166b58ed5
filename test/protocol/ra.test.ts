import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createLan, type Lan, type LanServices } from '../support/lan.ts';

let lan: Lan;
let boot: LanServices;

before(async () => {
  lan = await createLan();
  boot = await lan.serve({ services: ['ra'] });
});
after(() => lan.remove());

const solicit = join(import.meta.dirname, '..', 'support', 'solicit.ts');

describe('the router advertiser', () => {
  it('answers a solicitation with an advertisement that offers nothing', async () => {
    const host = await lan.host('52:54:00:77:00:01');

    const output = await host.run(process.execPath, solicit, 'eth0', '5000');
    const heard = JSON.parse(output) as { advertisement: string; from: string };

    const advertisement = Buffer.from(heard.advertisement, 'hex');
    assert.equal(advertisement.readUInt8(0), 134);
    assert.equal(advertisement.readUInt16BE(6), 0, 'router lifetime');
    assert.equal(advertisement.length, 16);
    assert.match(heard.from, /^fe80/);
    assert.ok(boot.events.some(({ event }) => event === 'ra.answered'));
  });

  it('changes nothing on a host that listens to advertisements', async () => {
    const host = await lan.host('52:54:00:77:00:02');
    await host.run(process.execPath, solicit, 'eth0', '5000');

    assert.equal((await host.run('ip', '-6', 'route', 'show', 'default')).trim(), '');
    assert.doesNotMatch(await host.run('ip', '-6', 'addr', 'show', 'dev', 'eth0'), /scope global/);
  });

  it('keeps silent on an interface that was not declared', async () => {
    const host = await lan.host('52:54:00:77:00:03', 'br1');

    assert.equal(await host.run(process.execPath, solicit, 'eth0', '1000'), 'null\n');
  });
});
