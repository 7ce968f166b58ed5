import { formatIpv6, type Ipv6 } from '../../../domain/ipv6.ts';
import { holds } from '../../../domain/subnet.ts';
import { associationsIn } from './association.ts';
import { answer, confirmation, grants, refusals, settings, withdrawals } from './compose.ts';
import type { Facts6 } from './facts.ts';
import { first, message, option, status, statusOption } from './options.ts';
import type { Message } from './packet.ts';

/** What a message leads to; `ip` is what the client was given. */
export type Decision6 =
  | { readonly kind: 'advertise' | 'reply'; readonly message: Message; readonly ip: Ipv6 | null; readonly why: string }
  | { readonly kind: 'silence'; readonly message: null; readonly ip: null; readonly why: string };

/** Decides the answer to a client's message (RFC 8415 §18.3). Throws MalformedPacket when an option it needs is malformed. */
export function decide(asked: Message, facts: Facts6): Decision6 {
  const { reserved, client } = facts;
  const fault = invalid(asked, facts.serverId);
  if (fault !== null) return silence(fault);
  // Before the machine is looked at: whoever got an address here and is no longer declared is told so, once, by its own question.
  if (reserved === null) {
    if (asked.type !== message.renew) return silence(client.macs.length === 0 ? 'no MAC can be told from it' : 'unknown machine');
    return reply(asked, facts, withdrawals(asked), null, 'no longer declared here');
  }
  const { ip } = reserved;
  const whose = `reserved for ${reserved.hostname}`;
  switch (asked.type) {
    case message.solicit: {
      if (first(asked.options, option.rapidCommit) === null) {
        const offered = [{ code: option.preference, value: Uint8Array.of(255) }, ...grants(asked, facts, ip), ...settings(asked, facts)];
        return { kind: 'advertise', message: answer(message.advertise, asked, facts, offered), ip, why: whose };
      }
      const committed = [{ code: option.rapidCommit, value: new Uint8Array() }, ...grants(asked, facts, ip)];
      return reply(asked, facts, [...committed, ...settings(asked, facts)], ip, `${whose}, rapid commit`);
    }
    case message.request:
    case message.renew:
    case message.rebind:
      return reply(asked, facts, [...grants(asked, facts, ip), ...settings(asked, facts)], ip, whose);
    case message.confirm:
      return confirm(asked, facts);
    case message.release:
      return reply(asked, facts, [statusOption(status.success, 'released'), ...refusals(asked, ip)], null, 'a reservation stays');
    case message.decline:
      return reply(asked, facts, [statusOption(status.success, 'noted'), ...refusals(asked, ip)], null, `another machine uses ${formatIpv6(ip)}`);
    case message.informationRequest:
      return reply(asked, facts, [{ code: option.refreshTime, value: Uint8Array.of(0, 0, 14, 16) }, ...settings(asked, facts)], null, whose);
    default:
      return silence('not a message for servers');
  }
}

/** What RFC 8415 §16 has servers discard. Null for a valid message. */
function invalid({ type, options }: Message, serverId: Uint8Array): string | null {
  const server = first(options, option.serverId);
  if (type === message.informationRequest) {
    if (first(options, option.iaNa) !== null) return 'INFORMATION-REQUEST for an address';
    return server !== null && !Buffer.from(server).equals(serverId) ? 'meant for another server' : null;
  }
  if (first(options, option.clientId) === null) return 'no client identifier';
  const addressed = ([message.request, message.renew, message.release, message.decline] as number[]).includes(type);
  if (!addressed) return server === null ? null : 'meant for all servers, but it names one';
  if (server === null) return 'no server identifier';
  return Buffer.from(server).equals(serverId) ? null : 'meant for another server';
}

/** RFC 8415 §18.3.3: whether its addresses fit the link, whoever gave them. */
function confirm(asked: Message, facts: Facts6): Decision6 {
  const addresses = associationsIn(asked.options).flatMap((one) => one.addresses);
  if (addresses.length === 0 || facts.links.length === 0) return silence('CONFIRM of no address');
  const fits = addresses.every((value) => facts.links.some((link) => holds(link, { version: 6, value })));
  return { kind: 'reply', message: confirmation(asked, facts, fits), ip: null, why: fits ? 'on this link' : 'not on this link' };
}

function reply(asked: Message, facts: Facts6, options: Message['options'], ip: Ipv6 | null, why: string): Decision6 {
  return { kind: 'reply', message: answer(message.reply, asked, facts, options), ip, why };
}

function silence(why: string): Decision6 {
  return { kind: 'silence', message: null, ip: null, why };
}
