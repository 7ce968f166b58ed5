import * as z from 'zod';
import { formatIp, formatSubnet, isIp, parseIp, parseSubnet } from './subnet.ts';

/** An address of either family in its usual spelling. */
export const ipSchema = z.string().refine(isIp, 'must be an IP address such as 10.30.0.1 or fd00:10::1').transform((text) => formatIp(parseIp(text)));

/** A network of either family as `10.30.0.0/16`, `fd00:10::/64`; `default` is every address. */
export const destinationSchema = z.string().refine((text) => text === 'default' || isSubnet(text), 'must be a network such as 10.40.0.0/16, or default')
  .transform((text) => text === 'default' ? text : formatSubnet(parseSubnet(text)));

/** A DNS domain such as `cluster` or `example.org`. */
export const domainSchema = z.string().max(253).regex(/^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/, 'must be a domain name');

/** A host's name: relative, or with a dot at its end or in it absolute. */
export const hostNameSchema = z.string().max(254).regex(/^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$/, 'must be a host name');

function isSubnet(text: string): boolean {
  try {
    parseSubnet(text);
    return true;
  } catch {
    return false;
  }
}
