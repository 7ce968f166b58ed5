import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { armedBoot, MAC, NONCE, order, testWorld } from '../support/boot-http.ts';
import { ask, valuesOf, type Answer } from '../support/http-client.ts';
import { until } from '../support/until.ts';
import { servedWorld } from '../support/served-world.ts';

const served = servedWorld();
beforeEach(() => {
  served.world.boot = armedBoot();
  served.world.order = null;
  for (const list of [served.world.evidence, served.world.progress, served.world.sightings, served.world.unasked]) list.length = 0;
});

const get = (path: string, from = '127.0.0.5'): Promise<Answer> => ask(served.url + path, { from });
const call = (path: string, form?: Record<string, string>, nonce = served.world.boot?._id ?? ''): Promise<Answer> =>
  ask(`${served.url}/node/${path}`, { headers: { 'X-Luna-Nonce': nonce }, ...(form === undefined ? {} : { form }) });
const next = async (): Promise<Record<string, string>> => valuesOf((await call('next')).text);
const report = (stage: string, status: string, seq: number, attempt = '1'): Promise<Answer> =>
  call('report', { stage, attempt, seq: String(seq), status, duration_ms: '12', message: `${stage} ${status}`, log: 'a\nb' });
const hello = (): Promise<Answer> => call('hello', { mac: MAC, firmware: 'bios', kernel: '6.1.0', uptime: '0', inventory: '{}' });

describe('an agent', () => {
  test('is led through every row, hands over and reports ready', async () => {
    assert.match((await get(`/luna?step=boot&mac=${MAC}`)).text, new RegExp(`luna.nonce=${NONCE}`));
    assert.match((await hello()).text, /^time=\d{10}\n$/);
    assert.equal(served.world.boot?.state, 'live');
    assert.deepEqual(await next(), { action: 'wait' });

    const ran: string[] = [];
    for (const row of ['partition', 'download', 'unpack', 'postscript', 'localboot'] as const) {
      served.world.order = order(row);
      for (let step = await next(); step['action'] === 'run'; step = await next()) {
        const { stage = '', attempt } = step;
        ran.push(stage);
        await report(stage, 'running', 0, attempt);
        assert.equal((await call('progress', { stage, attempt: '1', percent: '50', rate: '', peers: '2', message: '' })).text, 'action=go\n');
        assert.equal((await report(stage, 'ok', 1, attempt)).text, 'action=go\n');
      }
      served.world.order = null;
    }
    assert.deepEqual(await next(), { action: 'continue' });
    served.world.boot = armedBoot({ state: 'handedOver' });
    assert.equal((await call('ready', {})).status, 200);

    assert.deepEqual(ran, ['prescript', 'setupbmc', 'partition', 'download', 'unpack', 'network', 'postscript', 'bootloader', 'localboot']);
    assert.deepEqual([...new Set(served.world.evidence.map((e) => e.stage))], ['pxe.ipxe', 'pxe.kernel', ...ran, 'ready']);
    assert.deepEqual(served.world.progress[0], { ...served.world.progress[0], stage: 'prescript', percent: 50, rate: null, peers: 2 });
  });
});

describe('the networks of a node', () => {
  test('are rendered for the card it booted from, under the name it has there', async () => {
    const { status, text } = await call(`network?bootif=enp1s0&mac=${MAC}`);

    assert.equal(status, 200);
    assert.match(text, new RegExp(`^# The networks of node001 with osimage debian12: .*\nnetworks_by 'networkd'\n`));
    assert.ok(text.includes(`[Match]\nMACAddress=${MAC}\nType=ether\n[Network]\nAddress=127.0.0.5/16\n`), text);
  });

  test('are refused to who does not say which card that is', async () => {
    for (const query of ['', '?bootif=', '?bootif=a/b', '?bootif=enp1s0&mac=nonsense']) assert.equal((await call(`network${query}`)).status, 400, query);
    assert.equal((await call('network?bootif=enp1s0', undefined, 'wrong')).status, 403);
  });
});

describe('an agent whose machine restarts half-way', () => {
  test('gets a new nonce, repeats what the restart lost and then what is waited for', async () => {
    await hello();
    for (const stage of ['prescript', 'setupbmc', 'partition']) await report(stage, 'ok', 1);
    served.world.order = order('download');

    served.world.later(60_000);
    const script = (await get(`/luna?step=boot&mac=${MAC}`)).text;
    const refused = await call('next', undefined, NONCE);
    await hello();
    const steps: string[] = [];
    for (let step = await next(); step['action'] === 'run'; step = await next()) {
      steps.push(`${step['stage']} ${step['attempt']}`);
      await report(step['stage'] ?? '', 'ok', 1, step['attempt']);
    }

    assert.notEqual(served.world.boot?._id, NONCE);
    assert.match(script, new RegExp(`luna.nonce=${served.world.boot?._id}`));
    assert.equal(refused.status, 403);
    assert.deepEqual(steps, ['prescript 2', 'partition 2', 'download 1']);
  });

  test('keeps its nonce when somebody else asks for its script', async () => {
    await hello();

    const { text } = await get(`/luna?step=boot&mac=${MAC}`, '127.0.0.6');

    assert.doesNotMatch(text, /nonce/);
    assert.equal(served.world.boot?._id, NONCE);
  });

  test('fails what is waited for when a repeated stage fails', async () => {
    await hello();
    await report('partition', 'ok', 1);
    served.world.order = order('download');
    await report('partition', 'failed', 1, '2');

    const failed = served.world.evidence.find((e) => e.stage === 'download');

    assert.equal(failed?.status, 'failed');
    assert.match(failed.message, /^partition failed when it was run again after a restart: /);
  });
});

describe('the agent\'s calls', () => {
  test('are refused without the nonce of an open boot, with the reason', async () => {
    for (const path of ['next', 'plan', 'bmc', 'script/prescript']) {
      assert.equal((await call(path, undefined, '')).status, 403, path);
      assert.equal((await call(path, undefined, 'f'.repeat(32))).status, 403, path);
      assert.equal((await call(path, undefined, "x' || 1")).status, 403, path);
    }
    assert.match((await call('plan', undefined, '')).text, /needs the nonce/);
  });

  test('are told to abort once the run has ended, and journal nothing more', async () => {
    served.world.boot = armedBoot({ state: 'dead' });

    assert.match((await call('next')).text, /^action=abort\nreason=/);
    assert.match((await report('download', 'ok', 1)).text, /^action=abort\n/);
    assert.match((await call('progress', { stage: 'download', attempt: '1' })).text, /^action=abort\n/);
    assert.equal((await call('plan')).status, 403);
    assert.deepEqual([served.world.evidence, served.world.progress], [[], []]);
  });

  test('are told to end a stage that an operator skipped', async () => {
    served.world.boot = armedBoot({ state: 'live' });
    served.world.order = order('unpack');

    assert.match((await call('progress', { stage: 'download', attempt: '1' })).text, /^action=abort\nreason=download was skipped/);
    assert.match((await call('progress', { stage: 'unpack', attempt: '1' })).text, /^action=go\n/);
  });

  test('hold `next` until there is an order', async () => {
    served.world.boot = armedBoot({ state: 'live' });
    setTimeout(() => { served.world.order = order('download'); }, 60);

    assert.deepEqual(await next(), { action: 'run', stage: 'download', attempt: '1' });
  });

  test('journal a repeated report once', async () => {
    served.world.boot = armedBoot({ state: 'live' });
    await report('download', 'ok', 1);
    await report('download', 'ok', 1);

    assert.deepEqual(served.world.evidence.map((e) => e._id), ['boot1/download/1/1']);
    assert.deepEqual(served.world.evidence.map((e) => [e.log, e.durationMs]), [['a\nb', 12]]);
  });

  test('refuse what is no stage, attempt or status', async () => {
    served.world.boot = armedBoot({ state: 'live' });
    for (const form of [{ stage: 'plan', attempt: '1', status: 'ok' }, { stage: 'download', attempt: '0', status: 'ok' }, { stage: 'download', attempt: '1', status: 'fine' }]) {
      assert.equal((await call('report', form)).status, 400);
    }
    assert.deepEqual(served.world.evidence, []);
  });

  test('give the BMC password to a running agent in a call of its own and nowhere else', async () => {
    const everything = await Promise.all(['plan', 'script/prescript', 'script/partscript', 'script/postscript'].map((path) => call(path)));
    const install = await get(`/luna?step=install&node=node001&nonce=${NONCE}`);

    // Anybody is told the nonce of an armed boot.
    assert.equal((await call('bmc')).status, 403);
    served.world.boot = armedBoot({ state: 'live' });
    assert.equal((await call('bmc')).text, "LUNA_BMC_PASSWORD='it'\\''s secret'\n");
    for (const { status, text } of [...everything, install]) assert.ok(status === 200 && !text.includes('secret'));
    served.world.boot = armedBoot({ state: 'handedOver' });
    assert.equal((await call('bmc')).status, 403);
  });
});

describe('a machine that boots', () => {
  const bootText = async (): Promise<string> => (await get(`/luna?step=boot&mac=${MAC}`)).text;
  const change = (changes: object): void => { Object.assign(served.world.site.nodes.get('node-1') ?? {}, changes); };
  const changeGroup = (changes: object): void => { Object.assign(served.world.site.groups.get('g1') ?? {}, changes); };

  test('boots its own disk when nobody asked for an installation, and when it is set to localboot', async () => {
    served.world.boot = null;
    assert.match(await bootText(), /^#!ipxe\n.*\niseq \$\{platform\} efi && exit 1 \|\|\nsanboot --no-describe --drive 0x80/);
    served.world.boot = armedBoot();
    change({ localboot: true });
    assert.match(await bootText(), /sanboot/);
    change({ localboot: false });
  });

  test('starts in service mode without a nonce', async () => {
    change({ service: true });
    const text = await bootText();
    change({ service: false });

    assert.match(text, /luna\.service=1/);
    assert.doesNotMatch(text, /nonce/);
    assert.deepEqual(served.world.evidence, []);
  });

  test('starts its own workflow when its boot policy is always, and asks again until it is armed', async () => {
    served.world.boot = null;
    changeGroup({ boot_policy: 'always' });
    const text = await bootText();
    changeGroup({ boot_policy: 'once' });

    assert.deepEqual(served.world.unasked, ['node-1']);
    assert.match(text, new RegExp(`sleep 3\nchain --replace ${served.url}/luna\\?step=boot&mac=${MAC}`));
  });

  test('is told what is missing, and asks again', async () => {
    served.world.site.artefacts.clear();
    const { status, text } = await get(`/luna?step=boot&mac=${MAC}`);
    served.world.site = (await testWorld()).site;
    if (served.world.site.cluster) served.world.site.cluster.frontend_port = Number(new URL(served.url).port);

    assert.equal(status, 200);
    assert.match(text, /echo luna: osimage debian12 has no packed version art1 any more \(luna osimage pack debian12\)\n:again\nsleep 10\n/);
  });

  test('waits in the menu while nobody knows it, and is seen', async () => {
    const menu = await get('/luna?step=boot&mac=52:54:00:00:00:99');
    const asked = await get('/luna?step=discovery&hwdata=tag|52:54:00:00:00:99');

    assert.match(menu.text, /choose --default ask --timeout 10000/);
    assert.match(menu.text, /\nitem node001 node001\n/);
    assert.equal(asked.status, 404);
    assert.deepEqual(served.world.sightings, ['52:54:00:00:00:99', '52:54:00:00:00:99']);
  });

  test('becomes the node that was chosen in the menu; that is evidence of discovery', async () => {
    const { text } = await get('/luna?step=discovery&hwdata=tag|52:54:00:00:00:77&node=node001');

    assert.match(text, /luna\.mac=52:54:00:00:00:77 /);
    assert.equal(served.world.site.macs.get('52:54:00:00:00:77'), 'node-1');
    assert.deepEqual(served.world.evidence.map((e) => e.stage), ['discover', 'pxe.ipxe']);
  });
});

describe('the URLs of Luna 1', () => {
  const answers: [path: string, status: number][] = [
    ['/luna', 400], ['/luna?step=nonsense', 400], ['/luna?step=boot&step=boot', 400], ['/luna?step=boot', 200],
    ['/luna?step=discovery', 400], ['/luna?step=discovery&hwdata=', 400], ['/luna?step=discovery&hwdata=a&node=nobody', 400],
    [`/luna?step=discovery&hwdata=${MAC}&type=syslinux`, 404], [`/luna?step=discovery&hwdata=|${MAC.toUpperCase()}`, 200],
    ['/luna?step=install&node=node001', 403], [`/luna?step=install&node=node002&nonce=${NONCE}`, 400], [`/luna?step=install&node=node001&nonce=${NONCE}`, 200],
    ['/luna?step=install&node=node001&status=install.download', 403], [`/luna?step=install&node=node001&status=install.download&nonce=${NONCE}`, 200],
    [`/luna?step=install&node=node001&status=%00&nonce=${NONCE}`, 400],
    ['/boot/debian12-vmlinuz', 200], ['/boot/nothing', 404], ['/boot/..%2f..%2fetc%2fpasswd', 404], ['/boot/%2e%2e/x', 404], ['/boot/', 404],
    [`/torrents/${'a'.repeat(64)}.tar.zst`, 403], [`/torrents/passwd?nonce=${NONCE}`, 404], ['/', 404], ['/api/v1/nodes', 404],
  ];
  for (const [path, status] of answers) test(`answer ${path.slice(0, 60)} with ${status}`, async () => { assert.equal((await get(path)).status, status); });

  test('answer ranges and HEAD below /boot', async () => {
    const range = await ask(`${served.url}/boot/debian12-vmlinuz`, { headers: { Range: 'bytes=2-4' } });
    const head = await ask(`${served.url}/boot/debian12-initramfs`, { method: 'HEAD' });

    assert.deepEqual([range.status, range.text, range.headers['content-range']], [206, '234', 'bytes 2-4/10']);
    assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '20']);
  });

  test('take a status with an empty answer, which the record of the request tells', async () => {
    const { status, text } = await get(`/luna?step=install&node=node001&status=install.setnet&nonce=${NONCE}`);
    await until(() => served.world.seen.some((record) => record.why === 'install.setnet'));

    assert.deepEqual([status, text], [200, '']);
  });

  test('survive any query', async () => {
    const paths = ['/luna', '/announce', '/scrape', '/node/next', '/boot/x', '/torrents/x', '/node/script/x'];
    let state = 1;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    const word = (): string => Array.from({ length: random(30) }, () => "step=bootdiscoveryhwdata&|%00%ff%g'\"${}[]=&".charAt(random(44))).join('');

    const statuses = await Promise.all(Array.from({ length: 300 }, async () => (await get(`${paths[random(paths.length)]}?${word().replace(/[^\x21-\x7e]/g, '')}`)).status));

    assert.deepEqual(statuses.filter((status) => status >= 500), []);
    assert.equal((await get('/luna?step=boot')).status, 200);
  });
});
