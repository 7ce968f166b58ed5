import { proxyAnswer } from './compose.ts';
import type { Facts } from './facts.ts';
import type { DhcpPacket } from './format.ts';
import { message, option, readByte } from './options.ts';
import type { Decision } from './reply.ts';

/** Where boot servers are asked for their file (PXE 2.1 §2.2.3). */
export const bootServerPort = 4011;

/**
 * Decides the answer to a boot program that has its address from a DHCP server of another make: an OFFER without an address
 * beside that server's, and the same again to who asks at the boot server's port (PXE 2.1 §2.2.4). Nothing else is answered.
 */
export function decideProxy(request: DhcpPacket, facts: Facts, asBootServer: boolean): Decision {
  if (facts.client.class === 'other') return silence('addresses come from another DHCP server here');
  if (facts.bootFile === null) return silence(facts.bootWhy);
  const type = readByte(request.options, option.messageType);
  if (type === message.discover && !asBootServer) return { kind: 'proxy-offer', packet: proxyAnswer(message.offer, request, facts) };
  if (asBootServer && (type === message.request || type === message.inform)) return { kind: 'proxy-ack', packet: proxyAnswer(message.ack, request, facts) };
  return silence(type === message.request ? 'it takes its address from another DHCP server' : 'only DISCOVERs are answered beside another DHCP server');
}

/** Whether with this message the machine goes on to load what it was told of. */
export function takesBootFile(request: DhcpPacket): boolean {
  return readByte(request.options, option.messageType) === message.request;
}

function silence(why: string): Decision {
  return { kind: 'silence', why, packet: null };
}
