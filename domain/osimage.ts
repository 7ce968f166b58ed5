import * as z from 'zod';
import { NETWORK_STYLES } from './network-style.ts';
import { storedSchema } from './objects.ts';

/** What a running machine has that an image must not. */
export const DEFAULT_GRAB_EXCLUDES = ['/proc/*', '/sys/*', '/dev/*', '/run/*', '/tmp/*', '/var/tmp/*', '/var/log/*', '/etc/hostname', '/etc/machine-id',
  '/etc/ssh/ssh_host_*', '/etc/fstab', '/root/.bash_history', ''].join('\n');

/** A directory tree on the controller that is packed and spread among nodes (luna-1 §2.3). */
export const osimageSchema = storedSchema.extend({
  /** What may be declared is less: {@link treePathSchema}. */
  path: z.string().regex(/^\//, 'a path starts with /'),
  /** Kernel release the nodes install with and run. null: the newest in the tree. */
  kernver: z.string().nullable().default(null),
  /** One line: it goes to the kernel's command line. */
  kernopts: z.string().max(2048).regex(/^[^\r\n]*$/, 'must be one line').default(''),
  /** Comma lists; a leading `-` omits. */
  dracutmodules: z.string().default('luna'),
  kernmodules: z.string().default('ipmi_devintf,ipmi_si,ipmi_msghandler'),
  /** What `grab` leaves out, one pattern a line, and the file systems it takes. */
  grab_exclude_list: z.string().max(256_000).default(DEFAULT_GRAB_EXCLUDES),
  grab_filesystems: z.string().default('/,/boot'),
  /** The packed version in use: one pointer, moved when a pack is complete. */
  current: z.string().nullable().default(null),
});
export type Osimage = z.infer<typeof osimageSchema>;

/** One file by content: `sha256` in hex, bytes. */
export const contentSchema = z.object({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().positive() });

/** A packed version of an image: immutable; running installs keep the one they started with. */
export const artefactSchema = z.object({
  _id: z.string(),
  osimage: z.string(),
  osimageName: z.string(),
  kernver: z.string(),
  family: z.string(),
  /** What configures its network; null: nothing luna knows. Missing: it was packed before luna looked. */
  network: z.enum(NETWORK_STYLES).nullable().optional(),
  /** In torrentsDir. */
  tree: contentSchema.extend({ infoHash: z.string(), unpackedSize: z.number().int() }),
  torrent: z.string(),
  /** In bootDir. */
  kernel: contentSchema,
  /** What a machine boots with: enough to reach its network and the swarm. */
  initramfs: contentSchema,
  /** All else of the initramfs, in bootDir and in torrentsDir, its torrent beside it in the latter. Missing: `initramfs` is the whole. */
  rest: contentSchema.extend({ infoHash: z.string(), torrent: z.string() }).optional(),
  /** What is signed, in torrentsDir, with its ed25519 signature beside it under the same name and `.sig`. Missing: it was packed before luna signed. */
  manifest: contentSchema.extend({ signatureSha256: contentSchema.shape.sha256 }).optional(),
  packedAt: z.string(),
});
export type Artefact = z.infer<typeof artefactSchema>;
