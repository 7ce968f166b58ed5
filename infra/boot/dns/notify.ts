import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Log } from '../../log.ts';
import { encodeMessage, questionOf } from './message.ts';
import { wireOfKey } from './name.ts';
import { FLAG, OPCODE, RCODE, TYPE } from './numbers.ts';
import type { ServedZone } from './served-zone.ts';

/** Tells secondaries of zones that have changed (RFC 1996). */
export interface Notifier {
  /** A newer message about the same zone takes the place of one that is still repeated. */
  changed(zones: readonly ServedZone[]): void;
  stop(): void;
}

/** What telling needs. */
export interface NotifierDeps {
  /** Addresses of the secondaries. */
  secondaries(): readonly string[];
  log: Log;
  /** 53. */
  port?: number;
  /** Milliseconds before the first repetition; each further one waits twice as long. */
  firstPauseMs?: number;
}

/** Times that one is told; it looks by itself after the refresh time of the zone's SOA, too. */
const TIMES = 7;

interface Telling { id: number; timer: NodeJS.Timeout | null; zone: ServedZone; server: string; times: number }

/** One socket for each family; nothing is sent before a zone changes. */
export function createNotifier({ secondaries, log, port = 53, firstPauseMs = 1000 }: NotifierDeps): Notifier {
  const telling = new Map<string, Telling>();
  const sockets = new Map<'udp4' | 'udp6', dgram.Socket>();

  function socketFor(server: string): dgram.Socket {
    const family = isIPv6(server) ? 'udp6' : 'udp4';
    const known = sockets.get(family);
    if (known !== undefined) return known;
    const socket = dgram.createSocket(family);
    socket.unref();
    socket.on('error', (error) => {
      log.warn('dns.notify_failed', { reason: error.message });
      sockets.delete(family);
      socket.close();
    });
    socket.on('message', (data, from) => { heard(data, from.address); });
    sockets.set(family, socket);
    return socket;
  }

  function heard(data: Buffer, from: string): void {
    if (data.length < 12 || (data.readUInt16BE(2) & FLAG.QR) === 0) return;
    for (const [key, one] of telling) {
      if (one.server !== from || one.id !== data.readUInt16BE(0)) continue;
      end(key, one);
      const rcode = data.readUInt16BE(2) & 0xf;
      if (rcode === RCODE.NOERROR) log.info('dns.notified', { zone: one.zone.name, serial: one.zone.serial, server: from });
      else log.warn('dns.notify_refused', { zone: one.zone.name, server: from, rcode });
    }
  }

  function end(key: string, one: Telling): void {
    if (one.timer !== null) clearTimeout(one.timer);
    telling.delete(key);
  }

  function tell(key: string, one: Telling): void {
    one.timer = null;
    if (one.times >= TIMES) {
      telling.delete(key);
      log.warn('dns.not_notified', { zone: one.zone.name, server: one.server, reason: 'it does not answer' });
      return;
    }
    const { soa, origin } = one.zone;
    const message = encodeMessage({
      id: one.id, flags: FLAG.AA | (OPCODE.NOTIFY << 11), rcode: 0, question: questionOf(wireOfKey(origin), TYPE.SOA),
      answer: [soa], authority: [], additional: [], edns: null,
    }, 512);
    socketFor(one.server).send(message, port, one.server, (error) => { if (error !== null) log.debug('dns.notify_failed', { server: one.server, reason: error.message }); });
    one.timer = setTimeout(() => { tell(key, one); }, firstPauseMs * 2 ** one.times);
    one.timer.unref();
    one.times++;
  }

  return {
    changed(zones) {
      for (const server of secondaries()) {
        for (const zone of zones) {
          const key = `${server} ${zone.origin}`;
          const before = telling.get(key);
          if (before !== undefined) end(key, before);
          const one: Telling = { id: randomInt(0x10000), timer: null, zone, server, times: 0 };
          telling.set(key, one);
          tell(key, one);
        }
      }
    },
    stop() {
      for (const [key, one] of telling) end(key, one);
      for (const socket of sockets.values()) socket.close();
      sockets.clear();
    },
  };
}
