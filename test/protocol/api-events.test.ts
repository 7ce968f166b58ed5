import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../../domain/change.ts';
import { changeSchema } from '../../domain/change-position.ts';
import { bindMac } from '../../infra/store/macs.ts';
import { servedSite } from '../support/api.ts';
import { brief } from '../support/call-api.ts';
import { readEvents, type SentEvent } from '../support/event-reader.ts';

const site = servedSite();
const changeOf = ({ data }: SentEvent): Change => changeSchema.parse(JSON.parse(data));

test('tells each change as it happens, by whom it may be made', async () => {
  const events = await readEvents(site.api().socketPath);

  await site.api().call('POST', '/nodes', { names: ['node001', 'node002'], group: 'compute' });
  await site.api().call('PATCH', '/nodes/node001', { comment: 'left rack' });
  const node = await site.store().db.collection<{ _id: string; name: string }>('nodes').findOne({ name: 'node002' });
  await bindMac(site.store(), '52:54:00:00:00:02', node?._id ?? '', 'boot');
  const seen = await events.until(4);
  events.close();

  assert.equal(events.answer.headers['content-type'], 'text/event-stream');
  assert.deepEqual(seen.map(changeOf).map(({ kind, name, by }) => `${kind} ${name} by ${by}`), ['node node001 by root', 'node node002 by root', 'node node001 by root', 'mac node002 by boot']);
  assert.deepEqual(seen.map(changeOf)[2]?.diff['comment'], ['', 'left rack']);
  assert.deepEqual(seen.map(({ id }) => id !== undefined), [false, true, true, true]);
});

test('replays what came after the last event that was had', async () => {
  const all = await readEvents(site.api().socketPath, '?after=0.0');
  const seen = [...await all.until(await site.store().db.collection('changes').countDocuments())];
  all.close();
  const middle = seen.findIndex(({ id }, i) => id !== undefined && i > 3);

  const rest = await readEvents(site.api().socketPath, '', { 'last-event-id': seen[middle]?.id ?? '' });
  const replayed = [...await rest.until(seen.length - middle - 1)];
  rest.close();

  assert.ok(middle > 0);
  assert.deepEqual(replayed, seen.slice(middle + 1));
  assert.match(brief(await site.api().call('GET', '/events?after=yesterday')), /^400 invalid after: must be the id of an event/);
});
