import type { DhcpMode } from '../../domain/network.ts';
import type { IpxeVariant } from '../../domain/boot-files.ts';

/** A network device of this controller whose network was declared for provisioning. Nothing is answered on any other. */
export interface ProvisioningInterface {
  /** Device name, such as eth1. */
  readonly name: string;
  /** This controller's own IPv4 address on it. */
  readonly address: string;
  readonly network: ProvisioningNetwork;
}

/** The declared network behind an interface. */
export interface ProvisioningNetwork {
  readonly id: string;
  /** First address, host bits zero. */
  readonly base: string;
  /** Prefix length. */
  readonly prefix: number;
  /** First and last address for machines without a reservation; null or absent = such machines get no answer. */
  readonly range?: { readonly first: string; readonly last: string } | null;
  /** What machines are told when their reservation doesn't say. */
  readonly gateway?: string | null;
  readonly dns?: readonly string[];
  readonly domain?: string | null;
  /** Domains that names are looked up in. */
  readonly search?: readonly string[];
  /** Bytes of a packet; null or absent = the card's own. */
  readonly mtu?: number | null;
  /** Static routes: to `10.9.0.0/16` or `default`, by a router. */
  readonly routes?: readonly { readonly to: string; readonly via: string }[];
  /** What machines boot instead of the usual, when their reservation doesn't say. */
  readonly boot?: { readonly bootfile: string | null; readonly ipxe: IpxeVariant | null; readonly options?: ReadonlyMap<number, Uint8Array> } | null;
  /** What DHCP does here; it serves unless told. */
  readonly dhcp?: DhcpMode;
  /** Whether machines without a reservation are answered nothing. */
  readonly ignoreUnknown?: boolean;
}
