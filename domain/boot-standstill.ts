import { bootAttempts } from './boot-attempts.ts';
import type { BootRecord } from './boot-record.ts';

/** Services that say nothing of how far a boot has come. */
const BESIDE: readonly BootRecord['service'][] = ['dns', 'ra'];

/**
 * What a machine's newest boot waits for, from its last record: `DISCOVER was answered with OFFER 10.30.0.1, but no REQUEST
 * came for 60 s`. Null when nothing was seen of it, or when it runs by itself: its agent, its disk or its system has taken over.
 * `records` in order, `now` in milliseconds since 1970.
 */
export function standstill(records: readonly BootRecord[], now: number): string | null {
  const last = bootAttempts(records).at(-1)?.findLast(({ service }) => !BESIDE.includes(service));
  if (last === undefined) return null;
  const seconds = Math.max(0, Math.round((now - Date.parse(last.at)) / 1000));
  const words = wordsOf(last);
  return words === null ? null : `${words} for ${seconds} s`;
}

/** What was seen last, and what should have come next. */
function wordsOf(last: BootRecord): string | null {
  switch (last.service) {
    case 'dhcp': case 'dhcp6': case 'proxydhcp': return afterDhcp(last);
    case 'tftp': return afterTftp(last);
    case 'http': return afterHttp(last);
    case 'agent': case 'dns': case 'ra': return null;
  }
}

function afterDhcp({ saw, answered, why, facts }: BootRecord): string | null {
  if (facts['clientClass'] === 'other') return null;
  if (answered === null) return `${saw} was not answered${because(why)}, and nothing else came`;
  const told = `${saw} was answered with ${answered}`;
  if (/^NAK\b/.test(answered)) return `${told}${because(why)}, and nothing else came`;
  if (/^(OFFER|ADVERTISE)\b/.test(answered)) return `${told}, but no REQUEST came`;
  if (facts['clientClass'] === 'ipxe' || /https?:\/\//.test(answered)) return `${told}, but no HTTP request came`;
  return `${told}, but no TFTP request came`;
}

function afterTftp({ saw, answered, why, facts }: BootRecord): string {
  if (answered === null || answered.startsWith('ERROR')) return `${saw}${because(why)} ended without the file, and nothing came`;
  if (facts['outcome'] === 'done') return `${String(facts['file'] ?? 'its boot program')} was sent, but the program asked for no address (a NIC that it can't drive, perhaps)`;
  return `the transfer of ${String(facts['file'] ?? 'its boot program')} began and did not end`;
}

function afterHttp({ saw, answered, why, facts }: BootRecord): string | null {
  const path = pathOf(saw);
  if (Number(facts['status'] ?? 200) >= 400) return `${path} was refused${because(why)}, and nothing else came`;
  if (path.startsWith('/luna')) {
    if (answered?.includes('localboot')) return null;
    if (answered?.includes('menu')) return 'the boot menu was sent, and nobody chose a node';
    return `the boot script was sent${because(why)}, but no request for a kernel came`;
  }
  if (path.startsWith('/boot/ipxe/')) return `${path} was sent, but the program asked for no address (a NIC that it can't drive, perhaps)`;
  if (path.startsWith('/boot/')) return `${path} was sent, but the agent in it did not say hello`;
  return `${path} was answered, but nothing else came`;
}

const because = (why: string): string => (why === '' ? '' : ` (${why})`);
const pathOf = (saw: string): string => (saw.split(' ')[1] ?? saw).split('?')[0] ?? saw;
