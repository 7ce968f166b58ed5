/** One value as snmpd's pass_persist protocol writes it. */
export type MibValue = { type: 'integer' | 'string' | 'octet'; value: string };

/** Values by OID, in the order of a walk. */
export type MibTable = { keys: readonly string[]; values: ReadonlyMap<string, MibValue> };

/** A bridge port as `ip -j link show master BRIDGE` tells it. */
export type BridgePort = { ifname: string };

/** A learned address as `bridge -j fdb show br BRIDGE` tells it. */
export type ForwardingEntry = { mac: string; ifname: string; state?: string; flags?: string[] };

const ifDescr = '1.3.6.1.2.1.2.2.1.2';
const ifName = '1.3.6.1.2.1.31.1.1.1.1';
const ifAlias = '1.3.6.1.2.1.31.1.1.1.18';
const dot1dBaseNumPorts = '1.3.6.1.2.1.17.1.2.0';
const dot1dBasePort = '1.3.6.1.2.1.17.1.4.1.1';
const dot1dBasePortIfIndex = '1.3.6.1.2.1.17.1.4.1.2';
const dot1dTpFdb = '1.3.6.1.2.1.17.4.3.1';
const dot1qTpFdb = '1.3.6.1.2.1.17.7.1.2.2.1';

/** RFC 4188 dot1dTpFdbStatus: learned(3). */
const learned = '3';
const vlan = 1;
/** ifIndex differs from the port's number, as on real switches: a reader that confuses them finds nothing. */
const ifIndexBase = 10_000;

/**
 * The tables of a managed switch (RFC 4188 BRIDGE-MIB, RFC 4363 Q-BRIDGE-MIB, RFC 2863 ifXTable) for a Linux bridge whose
 * ports are called tapN: tapN is port N, `GigabitEthernet0/N`, ifIndex 10000+N. Only what the bridge learned is shown.
 */
export function bridgeMib(ports: readonly BridgePort[], entries: readonly ForwardingEntry[]): MibTable {
  const numbers = new Map(ports.flatMap(({ ifname }) => {
    const digits = /\d+$/.exec(ifname);
    return digits ? [[ifname, Number(digits[0])] as const] : [];
  }));
  const values = new Map<string, MibValue>();
  const integer = (oid: string, value: number | string): unknown => values.set(oid, { type: 'integer', value: String(value) });
  const text = (oid: string, value: string): unknown => values.set(oid, { type: 'string', value });
  integer(dot1dBaseNumPorts, numbers.size);
  for (const [name, port] of numbers) {
    const ifIndex = ifIndexBase + port;
    text(`${ifDescr}.${ifIndex}`, `GigabitEthernet0/${port}`);
    text(`${ifName}.${ifIndex}`, `GigabitEthernet0/${port}`);
    text(`${ifAlias}.${ifIndex}`, name);
    integer(`${dot1dBasePort}.${port}`, port);
    integer(`${dot1dBasePortIfIndex}.${port}`, ifIndex);
  }
  for (const { mac, ifname, state, flags } of entries) {
    const port = numbers.get(ifname);
    if (port === undefined || state === 'permanent' || flags?.includes('self')) continue;
    const bytes = mac.split(':').map((byte) => Number.parseInt(byte, 16));
    const index = bytes.join('.');
    values.set(`${dot1dTpFdb}.1.${index}`, { type: 'octet', value: mac.toUpperCase().replaceAll(':', ' ') });
    integer(`${dot1dTpFdb}.2.${index}`, port);
    integer(`${dot1dTpFdb}.3.${index}`, learned);
    integer(`${dot1qTpFdb}.2.${vlan}.${index}`, port);
    integer(`${dot1qTpFdb}.3.${vlan}.${index}`, learned);
  }
  return { keys: [...values.keys()].sort(compareOids), values };
}

/** The order in which SNMP walks: number by number. */
export function compareOids(left: string, right: string): number {
  const a = left.split('.').map(Number);
  const b = right.split('.').map(Number);
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
