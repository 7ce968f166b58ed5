/** A machine of the site of boot-instance.ts, with the first address of its network. Nobody installs it. */
export const NODE = { name: 'node001', mac: '52:54:00:77:00:01', ip: '10.77.0.2' } as const;

/** Two more of them, which are being installed: what opens the image to each. */
export const INSTALLING = [
  { name: 'node002', mac: '52:54:00:77:00:02', ip: '10.77.0.3', nonce: '2'.repeat(32) },
  { name: 'node003', mac: '52:54:00:77:00:03', ip: '10.77.0.4', nonce: '3'.repeat(32) },
] as const;

/** The packed version of osimage compute that they install; its files are not there. */
export const IMAGE = { _id: 'art1', infoHash: 'b'.repeat(40), size: 50_000_000 } as const;

/** The rest of its initramfs, which machines load before. */
export const REST = { infoHash: 'e'.repeat(40), size: 10_000_000 } as const;
