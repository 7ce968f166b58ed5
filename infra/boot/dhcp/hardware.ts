import { formatMac, type Mac } from '../../../domain/mac.ts';
import type { DhcpPacket } from './format.ts';
import { option } from './options.ts';

/** Hardware types (IANA): those that boot clusters. */
const ethernet = 1;
const infiniband = 32;

/**
 * The address by which luna knows the sender's card, or null when the message doesn't tell. An Ethernet card says it in the
 * header. An InfiniBand card's own address of 20 bytes doesn't fit there, so RFC 4390 §2.1 leaves the header empty (length 0)
 * and identifies the card by option 61, which ends with the port's GUID in every form seen: bare (ISC's client), as a DUID
 * (RFC 4361), with the vendor's prefix `ff:00:00:00:00:00:02:00:00:02:c9:00` (FlexBoot). iPXE puts the GUID into the header.
 */
export function cardOf(request: DhcpPacket): Mac | null {
  const { htype, hlen, chaddr } = request;
  if (hlen === 6 && (htype === ethernet || htype === infiniband)) return spelt(chaddr);
  if (htype !== infiniband) return null;
  if (hlen === 8) return macOfGuid(chaddr.subarray(0, 8));
  const identifier = request.options.get(option.clientId);
  return hlen !== 0 || identifier === undefined || identifier.length < 9 ? null : macOfGuid(identifier.subarray(-8));
}

/** A GUID without the two bytes in its middle, which its maker put between the bytes of the Ethernet address (EUI-64). */
function macOfGuid(guid: Uint8Array): Mac {
  return formatMac(Uint8Array.of(...guid.subarray(0, 3), ...guid.subarray(5, 8)));
}

interface Spelt { readonly high: number; readonly low: number; readonly mac: Mac }
const places = 8192;
const spellings: Spelt[] = Array.from({ length: places }, () => ({ high: -1, low: -1, mac: '' }));

/**
 * The spelling of a card's first six bytes. Who asked of late is remembered, each at the one place that its last bytes name:
 * the same text again needs no hashing by the dozen maps that are asked about it.
 */
function spelt(card: Uint8Array): Mac {
  const high = (card[0] ?? 0) * 65536 + (card[1] ?? 0) * 256 + (card[2] ?? 0);
  const low = (card[3] ?? 0) * 65536 + (card[4] ?? 0) * 256 + (card[5] ?? 0);
  const place = (low ^ high) & (places - 1);
  const before = spellings[place];
  if (before?.low === low && before.high === high) return before.mac;
  const mac = formatMac(card.subarray(0, 6));
  spellings[place] = { high, low, mac };
  return mac;
}
