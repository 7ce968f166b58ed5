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
}
