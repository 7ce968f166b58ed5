import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AuditRecord } from '../../domain/audit.ts';
import type { MadeToken } from '../../domain/token.ts';
import { addAuditLine, trimAudit } from '../../infra/store/audit.ts';
import { servedSite } from '../support/api.ts';
import { brief, type CallApi } from '../support/call-api.ts';

const site = servedSite({ prepare: ({ call }) => call('POST', '/nodes', { names: ['node001'], group: 'compute' }) });
const root: CallApi = (...call) => site.api().call(...call);
async function tokenOf(name: string, role: string, expires?: string): Promise<CallApi> {
  const made = (await root('POST', '/tokens', { name, role, ...(expires === undefined ? {} : { expires }) })).json as MadeToken;
  return withToken(made.secret);
}
const withToken = (secret: string): CallApi => site.api().callAs(`Bearer ${secret}`);
const newest = async (count: number): Promise<AuditRecord[]> => (await root('GET', `/audit?limit=${count}`)).json as AuditRecord[];

test('lets viewers read, operators operate too, admins change', async () => {
  const table: [role: string, statuses: number[]][] = [['viewer', [200, 403, 403, 403]], ['operator', [200, 200, 200, 403]], ['admin', [200, 200, 200, 200]]];

  for (const [role, statuses] of table) {
    const call = await tokenOf(`${role}1`, role);
    const answers = [
      await call('GET', '/nodes'),
      await call('POST', '/power', { nodes: ['node001'], action: 'on' }),
      await call('POST', '/provision', { nodes: ['node001'] }),
      await call('PATCH', '/nodes/node001', { comment: role }),
    ];
    assert.deepEqual(answers.map(({ status }) => status), statuses, role);
  }
  const viewer = await tokenOf('viewer2', 'viewer');
  assert.equal(brief(await viewer('DELETE', '/groups/compute')), '403 forbidden viewer2 has the role viewer; DELETE /groups/{name} needs admin (luna token list)');
  assert.equal((await viewer('GET', '/site?secrets=1')).status, 403);
  assert.equal((await viewer('GET', '/tokens')).status, 403);
  assert.deepEqual((await viewer('GET', '/whoami')).json, { by: 'viewer2', role: 'viewer' });
});

test('keeps only the hash of a token, and writes its name into the history', async () => {
  const made = (await root('POST', '/tokens', { name: 'ansible', role: 'admin' })).json as MadeToken;
  await withToken(made.secret)('PATCH', '/nodes/node001', { comment: 'by ansible' });

  const stored = JSON.stringify(await site.store().db.collection('tokens').find({}).toArray());
  const by = (await site.store().db.collection<{ by: string }>('changes').findOne({ by: 'ansible' }))?.by;

  assert.match(made.secret, /^luna_[\w-]{43}$/);
  assert.ok(!stored.includes(made.secret) && stored.includes('ansible'));
  assert.ok(!(await root('GET', '/tokens')).text.includes(made.secret));
  assert.equal(by, 'ansible');
  assert.match(brief(await root('POST', '/tokens', { name: 'ansible', role: 'viewer' })), /^409 taken there is a token named ansible/);
  assert.match(brief(await root('POST', '/tokens', { name: 'root', role: 'viewer' })), /^400 invalid name: must not be root or token/);
  assert.match(brief(await root('POST', '/tokens', { name: 'late', role: 'viewer', expires: '2001-01-01' })), /^400 invalid expires: 2001-01-01 is no time to come/);
});

test('refuses a token once it is expired or revoked', async () => {
  const revoked = await tokenOf('revoked', 'viewer', '30d');
  const expired = await tokenOf('expired', 'viewer', '1h');

  assert.deepEqual([(await revoked('GET', '/nodes')).status, (await expired('GET', '/nodes')).status], [200, 200]);
  await root('DELETE', '/tokens/revoked');
  await site.store().db.collection<{ _id: string }>('tokens').updateOne({ _id: 'expired' }, { $set: { expires: '2001-01-01T00:00:00.000Z' } });

  assert.match(brief(await revoked('GET', '/nodes')), /^401 forbidden the token is wrong or revoked/);
  assert.match(brief(await expired('GET', '/nodes')), /^401 forbidden the token expired expired at 2001-01-01/);
  assert.match(brief(await root('DELETE', '/tokens/revoked')), /^404 not-found there is no token named revoked/);
});

test('writes down every change, every refused one and every look at secrets, with who and why', async () => {
  const viewer = await tokenOf('reader', 'viewer');
  await root('PATCH', '/nodes/node001', { comment: 'audited' });
  await root('PATCH', '/nodes/nope', { comment: 'audited' });
  await viewer('DELETE', '/nodes/node001');
  await viewer('GET', '/nodes');
  await withToken('wrong')('GET', '/nodes');
  await root('GET', '/site?secrets=1');

  const lines = (await newest(5)).map(({ by, role, method, path, status, reason, from }) => `${by} ${role} ${method} ${path} ${status} ${from} ${reason}`).sort();

  assert.deepEqual(lines, [
    'null null GET /api/v1/nodes 401 127.0.0.1 the token is wrong or revoked',
    'reader viewer DELETE /api/v1/nodes/node001 403 127.0.0.1 reader has the role viewer; DELETE /nodes/{name} needs admin',
    'root admin GET /api/v1/site?secrets=1 200 unix ',
    'root admin PATCH /api/v1/nodes/node001 200 unix ',
    'root admin PATCH /api/v1/nodes/nope 404 unix there is no node named nope',
  ]);
});

test('keeps the newest lines of the audit only, and pages through them', async () => {
  for (let i = 0; i < 30; i += 1) {
    await addAuditLine(site.store(), { at: `2001-01-01T00:00:${String(i).padStart(2, '0')}.000Z`, by: 'root', role: 'admin', method: 'POST', path: '/old', status: 201, reason: '', from: 'unix' });
  }
  const count = await site.store().db.collection('audit').countDocuments();

  const gone = await trimAudit(site.store(), count - 20);
  const first = await root('GET', '/audit?limit=5');
  const second = await root('GET', `/audit?limit=5&after=${encodeURIComponent((first.json as AuditRecord[]).at(-1)?._id ?? '')}`);

  assert.equal(gone, 20);
  assert.equal(await site.store().db.collection('audit').countDocuments({ path: '/old' }), 10);
  assert.match(String(first.headers.link), /limit=5&after=.+>; rel="next"/);
  const ids = [...first.json as AuditRecord[], ...second.json as AuditRecord[]].map(({ _id }) => _id);
  assert.deepEqual(ids, [...ids].sort().reverse());
  assert.equal(new Set(ids).size, 10);
});

test('takes the token of the file as admin', async () => {
  const call = withToken(readFileSync(site.api().tokenFile, 'utf8').trim());

  assert.deepEqual((await call('GET', '/whoami')).json, { by: 'token', role: 'admin' });
});
