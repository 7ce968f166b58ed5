import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zonesOf } from '../../../../../domain/zones.ts';
import { answerFrom, type ServedZones } from '../../../../../infra/boot/dns/answer.ts';
import { textOf, wireOf } from '../../../../../infra/boot/dns/name.ts';
import { questionOf } from '../../../../../infra/boot/dns/message.ts';
import { RCODE, TYPE } from '../../../../../infra/boot/dns/numbers.ts';
import { serveZone } from '../../../../../infra/boot/dns/served-zone.ts';
import { readZoneText } from '../../../../../infra/boot/dns/zone-text.ts';
import { plainSite } from '../../../../support/plain-site.ts';

function zonesWith(include: string): { zones: ServedZones; warnings: string[] } {
  const site = plainSite({ cluster: { frontend_address: '10.30.255.254' }, networks: { cluster: { network: '10.30.0.0', prefix: 16, include }, 'lab.cluster': { network: '10.31.0.0', prefix: 16 } } });
  const served = zonesOf(site).zones.map((zone) => serveZone(zone, 1));
  return { zones: new Map(served.map((zone) => [zone.origin, zone])), warnings: served.flatMap(({ warnings }) => [...warnings]) };
}

function ask(zones: ServedZones, name: string, type: number) {
  return answerFrom(zones, questionOf(wireOf(name) ?? assert.fail(name), type));
}

const told = (zones: ServedZones, name: string, type: number = TYPE.A): string[] | undefined => ask(zones, name, type)?.answer.map((set) => `${textOf(set.key)} ${set.type}`);

test('reads origins, times, brackets, blanks at the beginning of a line, and comments', () => {
  const { records, mistakes } = readZoneText('$TTL 1h\na A 10.0.0.1 ; one\n  300 IN A 10.0.0.2\n$ORIGIN b.example.\n@ IN 60 MX ( 10\n mail ) \nabs.x. TXT "a;b" c\n', 'zone');

  assert.deepEqual(mistakes, []);
  assert.deepEqual(records.map(({ owner, ttl, type, words }) => `${owner} ${ttl} ${type} ${words.map(({ text }) => text).join('|')}`), [
    'a.zone 3600 A 10.0.0.1', 'a.zone 300 A 10.0.0.2', 'b.example 60 MX 10|mail', 'abs.x 3600 TXT a;b|c',
  ]);
});

test('leaves out what it can not take, and says which line and why', () => {
  const { zones, warnings } = zonesWith('ok A 10.30.9.1\nbad A 10.30.9\nfar.example. A 10.0.0.1\nok CNAME luna\n$INCLUDE file\nnew TYPE65400 \\# 2 abcd\nshort TYPE65400 \\# 3 abcd\n');

  assert.deepEqual(warnings, [
    'zone cluster, line 5 of its own text: $INCLUDE is not understood',
    'zone cluster, line 2 of its own text: bad.cluster A: "10.30.9" is no IPv4 address',
    'zone cluster, line 3 of its own text: far.example is no name in the zone',
    'zone cluster, line 4 of its own text: a CNAME stands alone, and ok.cluster has something else as well (RFC 1034 §3.6.2)',
    'zone cluster, line 7 of its own text: short.cluster TYPE65400: \\# says 3, there are 2 bytes',
  ]);
  assert.deepEqual(told(zones, 'ok.cluster'), ['ok.cluster 1']);
  assert.deepEqual(told(zones, 'new.cluster', 65_400), ['new.cluster 65400']);
});

test('lets a wildcard answer for what does not exist, and nothing else', () => {
  const { zones } = zonesWith('*.apps A 10.30.9.1\nown.apps TXT here\n');

  assert.deepEqual(told(zones, 'a.b.apps.cluster'), ['a.b.apps.cluster 1']);
  assert.deepEqual(told(zones, 'own.apps.cluster'), []);
  assert.equal(ask(zones, 'below.own.apps.cluster', TYPE.A)?.rcode, RCODE.NXDOMAIN);
});

test('refers to the servers of a part that is given away', () => {
  const { zones } = zonesWith('part NS ns.part\nns.part A 10.30.9.1\n');
  const answer = ask(zones, 'host.part.cluster', TYPE.A);

  assert.equal(answer?.authoritative, false);
  assert.deepEqual([...answer?.authority ?? [], ...answer?.additional ?? []].map((set) => `${textOf(set.key)} ${set.type}`), ['part.cluster 2', 'ns.part.cluster 1']);
});

test('answers from the lower of two zones, and knows nothing of others', () => {
  const { zones } = zonesWith('');

  assert.equal(textOf(ask(zones, 'absent.lab.cluster', TYPE.A)?.authority[0]?.key ?? ''), 'lab.cluster');
  assert.equal(ask(zones, 'cluster.example', TYPE.A), null);
});

test('gives up on aliases that mean each other', () => {
  const { zones } = zonesWith('a CNAME b\nb CNAME a\n');

  assert.equal(ask(zones, 'a.cluster', TYPE.A)?.rcode, RCODE.SERVFAIL);
});
