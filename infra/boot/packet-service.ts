/** A service of datagrams that listens on every provisioning interface. */
export interface PacketService {
  /** Where it listens now, for people to read. */
  readonly addresses: string[];
  /** Asks for its interfaces again: call it when networks change. */
  reconcile(): Promise<void>;
  stop(): Promise<void>;
}
