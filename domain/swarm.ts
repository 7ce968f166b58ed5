import * as z from 'zod';

/** How fast a link is, Mbit/s, and how that is known: a card reported it, or it is the fastest that was seen in this wave. */
export const swarmLinkSchema = z.object({ mbit: z.number(), known: z.enum(['reported', 'seen']) });
export type SwarmLink = z.infer<typeof swarmLinkSchema>;

/** What of a packed version machines load from each other: its tree, or first the rest of its initramfs. */
export const swarmPartSchema = z.enum(['tree', 'initramfs']);
export type SwarmPart = z.infer<typeof swarmPartSchema>;

/** Something that happened to the shape of a swarm. `nodes`: names, or addresses of machines that are no nodes. */
export const swarmEventSchema = z.object({ at: z.string(), kind: z.string(), nodes: z.array(z.string()), why: z.string() }).meta({ id: 'SwarmEvent' });
export type SwarmEvent = z.infer<typeof swarmEventSchema>;

/** The same in the stream of events: in whose swarm. */
export const swarmNewsSchema = swarmEventSchema.extend({ osimage: z.string(), part: swarmPartSchema }).meta({ id: 'SwarmNews' });
export type SwarmNews = z.infer<typeof swarmNewsSchema>;

/** One machine of a swarm. Rates in bytes per second, times in seconds. */
export const swarmMemberSchema = z.object({
  node: z.string(),
  ip: z.string(),
  switch: z.string().nullable(),
  state: z.enum(['loading', 'done', 'gone']),
  percent: z.number(),
  rateIn: z.number(),
  rateOut: z.number(),
  /** Until it has all, at the rate of now; null when nothing comes. */
  eta: z.number().nullable(),
  /** From its arrival to its last byte; null while it loads. */
  seconds: z.number().nullable(),
  /** The stripe it passes on; null for a client that luna doesn't shape. */
  stripe: z.number().nullable(),
  /** False for one that was found slow or dishonest and only takes. */
  feeds: z.boolean(),
  /** For each stripe who feeds it; null is the server. */
  parents: z.array(z.string().nullable()),
  /** Why it was demoted or is gone; empty for all others. */
  why: z.string(),
}).meta({ id: 'SwarmMember' });
export type SwarmMember = z.infer<typeof swarmMemberSchema>;

/** What a swarm loads; size in bytes. */
const loaded = {
  osimageId: z.string(), osimage: z.string(), artefact: z.string(), part: swarmPartSchema, infoHash: z.string(), size: z.number(),
};

/** A swarm in sum: how a wave of machines that load one image, or the rest of its initramfs, goes. */
export const swarmSummarySchema = z.object({
  ...loaded,
  /** When the wave that goes on began, ISO 8601; null when every machine has all. */
  startedAt: z.string().nullable(),
  seconds: z.number().nullable(),
  machines: z.number(),
  loading: z.number(),
  done: z.number(),
  gone: z.number(),
  /** What all machines take and give now, bytes per second. */
  rateIn: z.number(),
  rateOut: z.number(),
  /** What the server gives now, and how often it has given the whole image in this wave. */
  serverRate: z.number(),
  copies: z.number(),
  link: swarmLinkSchema.nullable(),
  /** Seconds that the image takes over such a link at best. */
  bound: z.number().nullable(),
  /** How full the machines' links have been since each arrived, as a share of 1; null while nobody knows. */
  share: z.number().nullable(),
}).meta({ id: 'SwarmSummary' });
export type SwarmSummary = z.infer<typeof swarmSummarySchema>;

/** A swarm with its machines and its shape. */
export const swarmViewSchema = swarmSummarySchema.extend({
  stripes: z.number(),
  members: z.array(swarmMemberSchema),
  events: z.array(swarmEventSchema),
}).meta({ id: 'Swarm' });
export type SwarmView = z.infer<typeof swarmViewSchema>;

/** What is left of a wave: machines that loaded one image at about the same time. Times in seconds. */
export const swarmRecordSchema = z.object({
  _id: z.string(),
  ...loaded,
  startedAt: z.string(),
  /** Null while it goes on. */
  endedAt: z.string().nullable(),
  /** The tracker ended in the middle of it: what came after is a wave of its own. */
  interrupted: z.boolean(),
  machines: z.number(),
  done: z.number(),
  /** Those that brought a part along: they had begun in a wave that was interrupted. */
  resumed: z.number(),
  lost: z.array(z.object({ node: z.string(), percent: z.number(), why: z.string() })),
  /** How long machines kept arriving. */
  arrivals: z.number(),
  /** From the first arrival to the last byte of the last machine; null when none had all. */
  seconds: z.number().nullable(),
  /** T_last: the same from the last arrival of one that got all. */
  last: z.number().nullable(),
  lastNode: z.string().nullable(),
  link: swarmLinkSchema.nullable(),
  bound: z.number().nullable(),
  /** Bound ÷ T_last; and bound ÷ the time that a half, and 99 of 100, of the machines needed at most. */
  share: z.number().nullable(),
  shareP50: z.number().nullable(),
  shareP99: z.number().nullable(),
  /** How often the server sent the image. */
  copies: z.number(),
  events: z.array(swarmEventSchema),
}).meta({ id: 'SwarmRecord' });
export type SwarmRecord = z.infer<typeof swarmRecordSchema>;
