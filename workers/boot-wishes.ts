import type { BootSettings } from '../domain/boot-settings.ts';
import { encodeDhcpOption } from '../domain/dhcp-options.ts';
import type { BootWishes } from '../infra/boot/dhcp/boot-file.ts';

/** What the site says of a boot, as DHCP wants it. */
export function bootWishes({ bootfile, ipxe, dhcp_options }: BootSettings): BootWishes {
  return { bootfile, ipxe, options: new Map(Object.entries(dhcp_options).map(([code, value]) => [Number(code), encodeDhcpOption(Number(code), value)])) };
}
