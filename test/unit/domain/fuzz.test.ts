import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Errors } from '@oclif/core';
import { interfaceSettings } from '../../../cli/interface-settings.ts';
import { offsetOf } from '../../../domain/addresses.ts';
import { LunaError } from '../../../domain/errors.ts';
import { type GroupInterface, groupInterfaceSchema } from '../../../domain/group.ts';
import { foldHostlist } from '../../../domain/hostlist-fold.ts';
import { expandHostlist } from '../../../domain/hostlist.ts';
import { refuseOddInterfaces } from '../../../domain/interface-checks.ts';
import { formatCidr, formatIpv4, parseCidr, parseIpv4 } from '../../../domain/ip.ts';
import { formatMac, macBytes, parseMac } from '../../../domain/mac.ts';
import { changedNetwork, newNetwork } from '../../../domain/network-rules.ts';
import { networkSchema } from '../../../domain/network.ts';
import { interfaceOperationSchema } from '../../../domain/requests/group.ts';
import { networkChangesSchema, newNetworkSchema } from '../../../domain/requests/network.ts';
import { formatIp, formatSubnet, isIp, parseIp, parseSubnet } from '../../../domain/subnet.ts';
import { mutatedText } from '../../support/mutated-text.ts';
import { seeded } from '../../support/random.ts';

/** Of each parser; a night of it: LUNA_FUZZ=1000000. */
const rounds = Number(process.env['LUNA_FUZZ'] ?? 8000);
const seed = Number(process.env['LUNA_FUZZ_SEED'] ?? 20128291);

const ips = ['10.30.0.1', '255.255.255.255', '0.0.0.0', 'fd00:10::1', '::', '::ffff:10.1.2.3', 'fe80::1', '1:2:3:4:5:6:7:8', '2001:db8::5:6:7:8'];
const subnets = ['10.30.0.0/16', '10.30.0.0/30', '0.0.0.0/0', 'fd00:10::/64', '::/0', 'fd00::/126', 'default'];
const ranges = ['10.30.0.7', '10.30.0.7-10.30.0.9', '10.30.0.9 - 10.30.0.12', 'fd00:10::1-fd00:10::ff', '10.30.0.1-10.30.255.254'];
const macs = ['52:54:00:ab:cd:01', '52-54-00-AB-CD-01', '5254.00ab.cd01', '525400abcd01'];
const hostlists = ['node001', 'node[001-003,007]', 'rack[1-2]n[01-40]', 'node[1-9/2]', 'a,b!a', 'n[1-5]&n[3-9]^n4', '@compute', '@*!node001', 'login01,node[01-10]-ipmi'];
const vlans = ['100@BOOTIF', '1@bond0', '4094@eth0'];
const bonds = ['802.3ad:eth0,eth1', 'active-backup:eth0', 'balance-rr:a,b,c'];
const routes = ['10.40.0.0/16,10.30.255.1', 'default,10.30.0.1,5', 'fd00::/8,fe80::1', '10.40.0.0/16,fe80::1,4294967295'];

/** Calls `parse` with many texts: it gives a value or refuses with an error that a person can act on. Returns how often it gave one. */
function fuzz(models: readonly string[], parse: (text: string) => unknown, refusals: readonly (new (...args: never[]) => Error)[] = [LunaError]): number {
  const random = seeded(seed);
  let read = 0;
  for (let round = 0; round < rounds; round += 1) {
    const text = mutatedText(random, models);
    try {
      parse(text);
      read += 1;
    } catch (error) {
      if (!refusals.some((refusal) => error instanceof refusal)) throw new Error(`${JSON.stringify(text.slice(0, 300))} (seed ${seed}, round ${round})`, { cause: error });
      assert.notEqual((error as Error).message, '');
    }
  }
  return read;
}

/** What is written as it was read is read as the same. */
function roundTrip<T>(value: T, write: (value: T) => string, read: (text: string) => T): void {
  const text = write(value);
  assert.deepEqual(read(text), value);
  assert.equal(write(read(text)), text);
}

test('reads any MAC or refuses it', () => {
  const read = fuzz(macs, (text) => { roundTrip(parseMac(text), (mac) => formatMac(macBytes(mac)), parseMac); });
  assert.ok(read > 0);
});

test('reads any address and any network or refuses it', () => {
  const [four, both, cidr, subnet] = [
    fuzz(ips, (text) => { roundTrip(parseIpv4(text), formatIpv4, parseIpv4); }),
    fuzz(ips, (text) => {
      assert.equal(isIp(text) || parseIp(text), true);
      roundTrip(parseIp(text), formatIp, parseIp);
    }),
    fuzz(subnets, (text) => { roundTrip(parseCidr(text), formatCidr, parseCidr); }),
    fuzz(subnets, (text) => { roundTrip(parseSubnet(text), formatSubnet, parseSubnet); }),
  ];
  assert.ok(Math.min(four, both, cidr, subnet) > 0);
});

test('expands any hostlist to names that fold to the same, or refuses it', () => {
  const members = (group: string): string[] => ['*', 'compute'].includes(group) ? ['node001', 'node002'] : [];
  const read = fuzz(hostlists, (text) => {
    const names = expandHostlist(text, members);
    assert.equal(new Set(names).size, names.length);
    if (names.length < 200) assert.deepEqual(new Set(expandHostlist(foldHostlist(names))), new Set(names));
  });
  assert.ok(read > 0);
});

test('takes any pool and what is set aside in it, or refuses it', () => {
  const random = seeded(seed);
  let taken = 0;
  const read = fuzz([...ips, ...ranges, ...subnets], (text) => {
    const base = random.of(['10.30.0.0', 'fd00:10::', '10.30.0.0', text]);
    const wanted = newNetworkSchema.safeParse({
      name: 'n', network: base, prefix: random.of([16, 24, 30, 64, 120, 126, 31, 0, random.below(130)]), reserve: random.once(2) ? [{ ip: text }] : [],
      ...(random.once(3) ? { gateway: text } : {}), ...(random.once(4) ? { ns_ip: text } : {}), ...(random.once(4) ? { dhcp_start: text, dhcp_end: random.of(ips) } : {}),
    });
    if (!wanted.success) return;
    const network = newNetwork(networkSchema.parse({ _id: 'n', rev: 0, name: 'n', network: wanted.data.network, prefix: wanted.data.prefix }), wanted.data);
    taken += 1;
    const changes = networkChangesSchema.safeParse({ ...(random.once(2) ? { network: random.of(ips) } : {}), prefix: 1 + random.below(126), release: random.once(2) ? [text] : [], dns: random.once(2) ? [text] : [] });
    const after = changes.success ? changedNetwork(network, changes.data) : network;
    for (const { offset } of after.reserved) assert.ok(BigInt(offset) >= 1n);
    if (isIp(text)) offsetOf(after, text);
  });
  assert.ok(read > 0 && taken > 0);
});

test('takes any interface or refuses it, as typed and as sent', () => {
  const random = seeded(seed);
  const text = (models: readonly string[], given: string): string => random.once(2) ? given : random.of(models);
  const read = fuzz([...vlans, ...bonds, ...routes, '9000', ''], (given) => {
    const settings = interfaceSettings({ vlan: text(vlans, given), bond: text(bonds, given), route: [text(routes, given)], mtu: text(['9000', ''], given), dhcp: random.once(2) });
    check({ name: text(['eth1', 'BMC', 'bootif'], given), op: random.of(['add', 'set', 'rename', 'params', 'setnet', given]), ...Object.fromEntries(Object.entries(settings).filter(() => random.once(2))) });
  }, [LunaError, Errors.CLIError]);
  assert.ok(read > 0);

  function check(operation: object): void {
    const sent = interfaceOperationSchema.safeParse(operation);
    if (!sent.success) return;
    const { op: _op, ...rest } = sent.data;
    const plain = (name: string): GroupInterface => groupInterfaceSchema.parse({ id: name, name });
    refuseOddInterfaces({ name: 'g' }, [plain('BOOTIF'), plain('bond0'), groupInterfaceSchema.parse({ ...plain('x'), ...rest })]);
  }
});
