import type { BootRecord } from '../../../domain/boot-record.ts';
import type { TftpError, TftpRequest } from './packet.ts';
import type { Terms } from './options.ts';
import type { Outcome } from './transfer.ts';

type Facts = BootRecord['facts'];

/** What TFTP has to say about a client; it knows nothing but the address. Texts of the client's are cut to what a record takes. */
function record(ip: string, saw: string, answered: string | null, why: string, facts: Facts): BootRecord {
  const base = { at: new Date().toISOString(), service: 'tftp', mac: null, ip, networkId: null, nodeId: null } as const;
  return { ...base, saw: cut(saw), answered: answered === null ? null : cut(answered), why: cut(why), facts };
}

/** A request that is served. */
export function begun(ip: string, request: TftpRequest, terms: Terms): BootRecord {
  const granted = [...terms.granted].map(([name, value]) => ` ${name} ${value}`).join('');
  return record(ip, asked(request), granted === '' ? 'DATA 1' : `OACK${granted}`, '', factsOf(request, terms));
}

/** A request that is not. */
export function refused(ip: string, request: TftpRequest, error: TftpError): BootRecord {
  return record(ip, asked(request), `ERROR ${error.code} ${error.message}`, error.message, { file: cut(request.file) });
}

/** A request that gets no answer, and why. */
export function unanswered(ip: string, request: TftpRequest, why: string): BootRecord {
  return record(ip, asked(request), null, why, { file: cut(request.file) });
}

/** The end of a transfer. The fact `outcome` is `done`, `refused` (the client broke off) or `gave-up` (it fell silent). */
export function ended(ip: string, request: TftpRequest, bytes: number, outcome: Outcome, ms: number): BootRecord {
  const facts: Facts = { file: cut(request.file), outcome: outcome.kind, bytes, ms: Math.round(ms) };
  if (outcome.kind === 'done') return record(ip, `last ACK of ${request.file}`, `sent ${Math.ceil(bytes / 1000)} KB in ${Math.round(ms)} ms`, '', facts);
  const saw = outcome.kind === 'refused' ? `ERROR ${outcome.why}` : 'nothing';
  return record(ip, `${saw} in the transfer of ${request.file}`, null, outcome.kind === 'refused' ? 'the client broke off' : outcome.why, facts);
}

function asked(request: TftpRequest): string {
  return `${request.type === 'read' ? 'RRQ' : 'WRQ'} ${request.file}`;
}

function factsOf(request: TftpRequest, terms: Terms): Facts {
  return { file: cut(request.file), blksize: terms.blockSize, windowsize: terms.windowSize };
}

function cut(text: string): string {
  return text.slice(0, 300);
}
