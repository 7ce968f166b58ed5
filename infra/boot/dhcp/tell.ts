import { formatIpv4 } from '../../../domain/ip.ts';
import type { Log } from '../../log.ts';
import type { Client } from './client.ts';
import type { Lookup } from './deps.ts';
import type { Decision } from './reply.ts';
import type { Served } from './served.ts';

/** Writes one line about a decision. The usual course is of interest to whoever debugs, and in `luna boot trace`: a boot storm must not wait for a log. */
export function logDecision(log: Log, decision: Decision, client: Client, served: Served, lookup: Lookup): void {
  const who = { mac: client.mac, class: client.class, network: served.networkId, node: lookup.kind === 'reserved' ? lookup.nodeId : null };
  switch (decision.kind) {
    case 'offer':
    case 'ack':
      return log.debug(`dhcp.${decision.kind}`, { ...who, ip: formatIpv4(decision.ip) });
    case 'release':
      return log.debug('dhcp.release', { ...who, ip: formatIpv4(decision.ip) });
    case 'decline':
      return log.warn('dhcp.decline', { ...who, ip: formatIpv4(decision.ip), reason: 'the client found the address in use' });
    case 'silence':
    case 'unchosen':
      return log.debug('dhcp.ignored', { ...who, reason: decision.why });
    case 'exhausted':
      return log.warn('dhcp.exhausted', { ...who, reason: decision.why, next: 'luna network list' });
    case 'nak':
      return log.info('dhcp.nak', { ...who, reason: decision.why });
    case 'inform':
    case 'proxy-offer':
    case 'proxy-ack':
      return log.info(`dhcp.${decision.kind}`, who);
  }
}
