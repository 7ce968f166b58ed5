import { parseMac } from '../../domain/mac.ts';

/** The site of the tests that kill the boot process: many declared nodes, and a range that a boot storm doesn't exhaust. */
export const SITE = {
  controller: '10.80.0.1',
  network: '10.80.0.0',
  prefix: 16,
  range: { first: '10.80.16.0', last: '10.80.255.254' },
  /** With the first addresses of the network behind the controller's. */
  nodes: Array.from({ length: 40 }, (_, at) => ({
    name: `node${String(at + 1).padStart(3, '0')}`, mac: parseMac(`52:54:00:80:00:${at.toString(16).padStart(2, '0')}`), ip: `10.80.0.${at + 2}`,
  })),
  /** The address of the relay behind which all machines of a storm boot. */
  relay: '10.80.1.1',
} as const;
