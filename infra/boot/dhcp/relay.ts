import type { Ipv4 } from '../../../domain/ip.ts';
import { option, type Options, relaySuboption } from './options.ts';

/** What a relay says about the machine it speaks for (option 82, RFC 3046). */
export interface RelayInformation {
  /** The link the machine is on, when that isn't the one of giaddr (RFC 3527). */
  readonly link: Ipv4 | null;
  /** The address the relay wants to be named as server, so that renewals pass through it too (RFC 5107). */
  readonly serverOverride: Ipv4 | null;
  /** Port and switch as the relay names them: text where it is, else hex; null when not sent. */
  readonly circuit: string | null;
  readonly remote: string | null;
}

const nothing: RelayInformation = { link: null, serverOverride: null, circuit: null, remote: null };

/**
 * Reads option 82. It is the relay's, not the machine's, and comes in all shapes: what makes no sense is passed over,
 * since the whole is echoed as it came in any case.
 */
export function relayInformation(options: Options): RelayInformation {
  const value = options.get(option.relayAgent);
  if (value === undefined) return nothing;
  const parts = new Map<number, Uint8Array>();
  for (let at = 0; at + 2 <= value.length;) {
    const next = at + 2 + (value[at + 1] ?? 0);
    if (next > value.length) break;
    parts.set(value[at] ?? 0, value.subarray(at + 2, next));
    at = next;
  }
  return {
    link: address(parts.get(relaySuboption.linkSelection)),
    serverOverride: address(parts.get(relaySuboption.serverOverride)),
    circuit: name(parts.get(relaySuboption.circuitId)),
    remote: name(parts.get(relaySuboption.remoteId)),
  };
}

function address(value: Uint8Array | undefined): Ipv4 | null {
  return value?.length === 4 ? Buffer.from(value).readUInt32BE(0) : null;
}

function name(value: Uint8Array | undefined): string | null {
  if (value === undefined) return null;
  const printable = value.length > 0 && value.every((one) => one >= 0x20 && one < 0x7f);
  return Buffer.from(value).toString(printable ? 'latin1' : 'hex').slice(0, 100);
}
