import type { BootRecord } from './boot-record.ts';
import type { LunaStage } from './stages.ts';

/** What a record says about a stage of a boot that somebody waits for. */
export interface RecordedEvidence {
  readonly stage: Extract<LunaStage, 'pxe.dhcp'>;
  readonly message: string;
  readonly facts: Record<string, unknown>;
}

/** The services that give addresses and boot files. */
const ADDRESSES: readonly BootRecord['service'][] = ['dhcp', 'dhcp6', 'proxydhcp'];

/** Whether a record is about a boot program: an operating system's own DHCP client says nothing about a network boot. */
export function isOfBootProgram({ facts }: BootRecord): boolean {
  return typeof facts['clientClass'] === 'string' && facts['clientClass'] !== 'other';
}

/**
 * The evidence that a record amounts to; null for most. An address that a boot program took is `pxe.dhcp`. What the boot
 * script and the agent's first words prove is reported by themselves, because they are answered only when it is journalled.
 */
export function evidenceOfRecord(record: BootRecord): RecordedEvidence | null {
  const { mac, ip, facts } = record;
  if (!ADDRESSES.includes(record.service) || !isOfBootProgram(record)) return null;
  if (!/^(ACK|REPLY)\b/.test(record.answered ?? '') || !/^(REQUEST|RENEW|REBIND|SOLICIT)\b/.test(record.saw)) return null;
  const clientClass = facts['clientClass'];
  return { stage: 'pxe.dhcp', message: `${mac ?? 'a machine'} was given ${ip ?? 'its boot file'} (${String(clientClass)})`, facts: { mac, ip, arch: facts['arch'] ?? null, clientClass } };
}
