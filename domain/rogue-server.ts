import * as z from 'zod';
import { utcText } from './utc-text.ts';

/** How long a server that is not seen any more is still told of. */
export const ROGUE_FORGOTTEN_MS = 180_000;

/** What gave a server away: it answered a DISCOVER, or a machine said that it took an address from it. */
export const ROGUE_SIGNS = ['answer', 'request'] as const;

/** A DHCP server that is not this controller's, seen by a device of it. `_id` is `NETWORK ID/ADDRESS`. */
export interface RogueServer {
  _id: string;
  networkId: string;
  /** Where it is heard. */
  device: string;
  /** As it calls itself (option 54), else where its answer came from. */
  server: string;
  /** The MAC behind that address; null when it is not known, such as beyond a relay. */
  mac: string | null;
  sign: (typeof ROGUE_SIGNS)[number];
  /** What it offered, for people: `10.77.0.50, boot file pxelinux.0`; whom it gave an address, when a machine told. */
  offered: string;
  /** ISO 8601. */
  firstSeen: string;
  lastSeen: string;
}

/** The same for readers of the API. */
export const rogueViewSchema = z.object({
  server: z.string().describe('Its address, as it says.'),
  mac: z.string().nullable(),
  device: z.string().describe('The device of the controller that heard it.'),
  network: z.string(),
  sign: z.enum(ROGUE_SIGNS).describe('`answer`: it answered the controller\'s own question or somebody else\'s. `request`: a machine took its address.'),
  offered: z.string(),
  firstSeen: z.string(),
  lastSeen: z.string(),
}).meta({ id: 'RogueServer' });
export type RogueView = z.infer<typeof rogueViewSchema>;

/** An event of the stream: a foreign DHCP server is there, or is no longer. */
export const rogueEventSchema = z.object({ at: z.string(), present: z.boolean(), ...rogueViewSchema.shape }).meta({ id: 'RogueServerEvent' });
export type RogueEvent = z.infer<typeof rogueEventSchema>;

/** Those that were seen lately before `now` (milliseconds since 1970), longest there first. */
export function rogueViews(rogues: readonly RogueServer[], nameOf: (networkId: string) => string | undefined, now: number): RogueView[] {
  return rogues.filter(({ lastSeen }) => now - Date.parse(lastSeen) < ROGUE_FORGOTTEN_MS)
    .map(({ networkId, server, mac, device, sign, offered, firstSeen, lastSeen }) => (
      { server, mac, device, network: nameOf(networkId) ?? networkId, sign, offered, firstSeen, lastSeen }
    ))
    .sort((a, b) => (a.firstSeen < b.firstSeen ? -1 : Number(a.firstSeen > b.firstSeen)));
}

/** One line about such a server: what it is, why that matters. */
export function rogueText({ server, mac, device, network, offered, lastSeen }: RogueView): string {
  const who = `${server}${mac === null ? '' : ` (${mac})`}`;
  return `another DHCP server, ${who}, answers on network ${network} (${device}): ${offered}; last seen ${utcText(lastSeen)} UTC`;
}

/** What to do about it. */
export function rogueAdvice({ server, mac, device, network }: Pick<RogueView, 'server' | 'mac' | 'device' | 'network'>): string {
  return `find it (${mac === null ? `ip neigh show to ${server} dev ${device}` : `the switch port of ${mac}`}) and stop it; if it is to give the addresses: luna network change ${network} --dhcp proxy`;
}
