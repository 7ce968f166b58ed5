import * as z from 'zod';

/** The services that speak with a machine while it boots. */
export const BOOT_SERVICES = ['dhcp', 'dhcp6', 'proxydhcp', 'ra', 'tftp', 'http', 'dns', 'agent'] as const;

/**
 * What one boot service saw of one machine, and what it did about it: a line of `luna boot trace`, and, where a run waits
 * for it, the lifecycle's evidence. Texts are for people: the names the protocol gives its messages, addresses, file names.
 */
export const bootRecordSchema = z.object({
  /** ISO 8601, when the packet or request came in. */
  at: z.string(),
  service: z.enum(BOOT_SERVICES),
  /** Null when the service can't tell, as TFTP can't; the address then says whose it is. */
  mac: z.string().nullable(),
  /** The address the machine spoke from or was given; null when it has none yet. */
  ip: z.string().nullable(),
  networkId: z.string().nullable(),
  /** Null for a machine without a reservation. */
  nodeId: z.string().nullable(),
  /** What came in: `DISCOVER`, `RRQ undionly.kpxe`, `GET /boot/vmlinuz-6.1`. */
  saw: z.string().max(300),
  /** What went out: `OFFER 10.30.0.1`, `sent 71 KB in 40 ms`; null when nothing did. */
  answered: z.string().max(300).nullable(),
  /** Why so: `reserved for node001`, `no dynamic range on network cluster`; empty when it speaks for itself. */
  why: z.string().max(300),
  /**
   * What programs need of it. DHCP: `clientClass` (`pxe`, `ipxe`, `http`, `other`; only what isn't `other` is evidence of a boot),
   * `arch` (option 93), `option82` in hex, `relay`. Transfers: `bytes`, `ms`.
   */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
});
export type BootRecord = z.infer<typeof bootRecordSchema>;

/** What decides whether anybody wants a record, before it is written: of a storm's most are not. */
export interface BootGlimpse extends Pick<BootRecord, 'ip' | 'networkId' | 'nodeId'> {
  readonly mac: string;
  readonly arch: number | null;
  /** Whether a boot program was answered. */
  readonly booting: boolean;
}

/** Takes note of a record; cheap, and never throws. */
export type Seen = (record: BootRecord) => void;
