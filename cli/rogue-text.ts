import { rogueAdvice, type RogueEvent, rogueText, type RogueView } from '../domain/rogue-server.ts';
import { utcText } from '../domain/utc-text.ts';

/** Two lines for each foreign DHCP server: what was seen, and what to do. */
export function rogueWarnings(rogues: readonly RogueView[]): string[] {
  return rogues.flatMap((rogue) => [`Warning: ${rogueText(rogue)}`, `Next:    ${rogueAdvice(rogue)}`]);
}

/** One event of the stream: `        2026-01-31 12:00:00  another DHCP server …`. */
export function rogueLine(event: RogueEvent): string {
  const { at, present, server, mac, device, network } = event;
  const who = `${server}${mac === null ? '' : ` (${mac})`}`;
  const what = present ? rogueText(event) : `the other DHCP server ${who} on network ${network} (${device}) is no longer seen`;
  return [''.padEnd(6), utcText(at), what].join('  ');
}
