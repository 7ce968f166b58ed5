import snmp from 'net-snmp';
import type { ForwardingEntry } from '../../domain/discovery.ts';
import { BRIDGE_FDB, Q_BRIDGE_FDB } from '../../domain/switch.ts';

/** ifName (RFC 2863): ifIndex → port name. */
const IF_NAME = '1.3.6.1.2.1.31.1.1.1.1';
/** dot1dBasePortIfIndex (RFC 4188): bridge port → ifIndex. */
const BASE_PORT_IF_INDEX = '1.3.6.1.2.1.17.1.4.1.2';

export interface SwitchTarget {
  host: string;
  port: number;
  community: string;
  /** Forwarding table column; the other of Q-BRIDGE and BRIDGE is tried when it is empty. */
  oid: string;
}

/**
 * Reads a switch's forwarding table over SNMP v2c. A deadline ends it: throws Error with a reason a person can read
 * (a wrong community and a dead switch look the same: no answer).
 */
export async function readForwardingTable(target: SwitchTarget, deadlineMs = 3000): Promise<ForwardingEntry[]> {
  const session = snmp.createSession(target.host, target.community, {
    port: target.port, version: snmp.Version2c, transport: target.host.includes(':') ? 'udp6' : 'udp4', timeout: Math.max(200, Math.floor(deadlineMs / 3)), retries: 1,
  });
  const broken = new Promise<never>((_, reject) => session.on('error', reject));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => { reject(new Error(`no answer within ${deadlineMs} ms (switch off, unreachable, or a wrong community)`)); }, deadlineMs);
  });
  try {
    return await Promise.race([read(session, target.oid), broken, late]);
  } finally {
    clearTimeout(timer);
    session.close();
  }
}

async function read(session: snmp.Session, oid: string): Promise<ForwardingEntry[]> {
  const column = oid.replace(/^\./, '');
  const other = column === BRIDGE_FDB.slice(1) ? Q_BRIDGE_FDB.slice(1) : BRIDGE_FDB.slice(1);
  let rows = await walk(session, column);
  if (rows.length === 0) rows = await walk(session, other);
  const ifIndexes = new Map((await walk(session, BASE_PORT_IF_INDEX)).map((r) => [Number(r.index.at(-1)), Number(r.value)]));
  const names = new Map((await walk(session, IF_NAME)).map((r) => [Number(r.index.at(-1)), String(r.value)]));
  return rows.flatMap((row) => {
    const port = Number(row.value);
    // Both tables end in the six octets of the MAC; Q-BRIDGE has the VLAN before them. Port 0: learnt, port unknown.
    const octets = row.index.slice(-6);
    if (octets.length !== 6 || !(port > 0)) return [];
    const mac = octets.map((o) => Number(o).toString(16).padStart(2, '0')).join(':');
    return [{ mac, port, portName: names.get(ifIndexes.get(port) ?? port) ?? null }];
  });
}

interface Row { index: string[]; value: unknown }

function walk(session: snmp.Session, base: string): Promise<Row[]> {
  const rows: Row[] = [];
  return new Promise((resolve, reject) => {
    session.subtree(base, 20, (varbinds) => {
      for (const bind of varbinds) {
        if (!snmp.isVarbindError(bind)) rows.push({ index: bind.oid.slice(base.length + 1).split('.'), value: bind.value });
      }
    }, (err) => { if (err === undefined || err === null) resolve(rows); else reject(err); });
  });
}
