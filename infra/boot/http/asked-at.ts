import { isIPv6 } from 'node:net';
import type { Request } from 'express';
import { placeOf } from '../place.ts';
import { addressOf } from './connections.ts';

/**
 * The origin (`http://10.30.255.254:7050`) under which this client reaches us: the end of the connection that is ours.
 * `usual`: plain HTTP by IPv4, as everybody who isn't told otherwise asks; a proxy in front of us asks so too.
 */
export function askedAt({ socket }: Request): { origin: string; usual: boolean } {
  const address = addressOf(socket.localAddress);
  const secure = 'encrypted' in socket;
  return { origin: `${secure ? 'https' : 'http'}://${placeOf(address, socket.localPort ?? 0)}`, usual: !secure && !isIPv6(address) };
}
