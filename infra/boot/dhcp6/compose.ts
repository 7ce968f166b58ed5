import type { Ipv6 } from '../../../domain/ipv6.ts';
import { encodeName } from '../../../domain/dns-name.ts';
import { associationOption, associationsIn, ended, refusedAssociation } from './association.ts';
import type { Facts6 } from './facts.ts';
import { addressesOption, all, first, message, option, type Option, type Options, readShorts, status, statusOption } from './options.ts';
import type { Message } from './packet.ts';

/** An answer of `type`: both identifiers, then `options` (RFC 8415 §18.3.9, §18.3.10). */
export function answer(type: number, asked: Message, facts: Facts6, options: Options): Message {
  const client = first(asked.options, option.clientId);
  const identifiers = [{ code: option.serverId, value: facts.serverId }, ...(client === null ? [] : [{ code: option.clientId, value: client }])];
  return { type, transaction: asked.transaction, options: [...identifiers, ...options] };
}

/** The answer to a CONFIRM. */
export function confirmation(asked: Message, facts: Facts6, fits: boolean): Message {
  const said = fits ? statusOption(status.success, 'on this link') : statusOption(status.notOnLink, 'not on this link');
  return answer(message.reply, asked, facts, [said]);
}

/**
 * What each association of the client is given. The machine has one address on this link: its first association gets it,
 * and another that holds it already keeps it. What else a client claims to have ends now (lifetimes 0, RFC 8415 §18.3.4).
 */
export function grants(asked: Message, facts: Facts6, ip: Ipv6): Option[] {
  const wanted = associationsIn(asked.options);
  const holder = wanted.find(({ addresses }) => addresses.includes(ip)) ?? wanted[0];
  const given = wanted.map((one) => {
    const gone = asked.type === message.solicit ? [] : one.addresses.filter((address) => address !== ip);
    const over = associationOption(one.iaid, ended, gone);
    if (one === holder) {
      const granted = associationOption(one.iaid, facts.lifetimes, [ip]);
      return gone.length === 0 ? granted : { ...granted, value: Buffer.concat([granted.value, over.value.subarray(12)]) };
    }
    return gone.length > 0 ? over : associationOption(one.iaid, ended, [], [statusOption(status.noAddresses, 'a machine has one address on a link')]);
  });
  return [...given, ...unserved(asked)];
}

/** Associations of a machine that is not declared here any more: every address ends. */
export function withdrawals(asked: Message): Option[] {
  return [...associationsIn(asked.options).map(({ iaid, addresses }) => associationOption(iaid, ended, addresses)), ...unserved(asked)];
}

/** Associations in a RELEASE or DECLINE that hold what was never given (RFC 8415 §18.3.7, §18.3.8). */
export function refusals(asked: Message, ip: Ipv6): Option[] {
  return associationsIn(asked.options).filter(({ addresses }) => !addresses.includes(ip))
    .map(({ iaid }) => associationOption(iaid, ended, [], [statusOption(status.noBinding, 'not given here')]));
}

/** Temporary addresses and prefixes are nothing that luna has. */
function unserved({ options }: Message): Option[] {
  const temporary = all(options, option.iaTa).map((value) => refusedAssociation(option.iaTa, value, statusOption(status.noAddresses, 'no temporary addresses')));
  const prefixes = all(options, option.iaPd).map((value) => refusedAssociation(option.iaPd, value, statusOption(status.noPrefix, 'no prefixes')));
  return [...temporary, ...prefixes];
}

/** Name servers, names, and for boot programs what to load. Small enough to be sent unasked, but for the name (RFC 4704 §4.1). */
export function settings(asked: Message, facts: Facts6): Option[] {
  const { reserved, dns, search, bootUrl, client } = facts;
  const wanted = readShorts(asked.options, option.request);
  const options: Option[] = [];
  if (dns.length > 0) options.push(addressesOption(option.dns, dns));
  if (search.length > 0) options.push({ code: option.domainList, value: Buffer.concat(search.map(encodeName)) });
  if (reserved !== null && (wanted.includes(option.fqdn) || first(asked.options, option.fqdn) !== null)) options.push(fqdn(asked, reserved));
  if (bootUrl !== null) {
    options.push({ code: option.bootFileUrl, value: Buffer.from(bootUrl) });
    // Firmware that boots by HTTP takes no offer without the words it came with (UEFI 2.10 §24.7.3.1). PXE must not have
    // its own back: EDK2 takes such an offer for one of a boot server that it is to ask further, and finds none (PXE-E16).
    if (client.class === 'http' && client.vendorClass !== null) options.push({ code: option.vendorClass, value: client.vendorClass });
  }
  return options;
}

/** RFC 4704 §6: luna's own DNS knows the name, so the server does the updates (S), and says so where the client meant to (O). */
function fqdn(asked: Message, { hostname, domain }: { readonly hostname: string; readonly domain: string }): Option {
  const flags = first(asked.options, option.fqdn)?.[0] ?? 1;
  const name = encodeName(domain === '' ? hostname : `${hostname}.${domain}`);
  // A name without a domain is partial, and ends without the root's label.
  return { code: option.fqdn, value: Buffer.concat([Uint8Array.of(flags & 1 ? 1 : 3), domain === '' ? name.subarray(0, -1) : name]) };
}
