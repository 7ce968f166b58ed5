import { setTimeout as sleep } from 'node:timers/promises';
import { isIP } from 'node:net';
import * as z from 'zod';
import { type Traced, tracedSchema } from '../../../domain/boot-trace.ts';
import { isMac, parseMac } from '../../../domain/mac.ts';
import { machineNames, nodeWithAddress } from '../../../domain/machine-names.ts';
import type { Site } from '../../../domain/site.ts';
import type { Documents, TraceQuery } from '../documents.ts';
import { type Route, route } from '../route.ts';
import { nodeOf } from './node-names.ts';

/** Every process writes down what it saw within this time, so that who asks for more misses nothing. */
const SETTLED_MS = 1000;
/** How often the database is asked while somebody waits. */
const LOOK_MS = 500;

const time = (text: string) => z.iso.datetime().optional().describe(text);

/** What boot services saw of one machine. */
export const bootTraceRoutes: Route[] = [
  route({
    method: 'get', path: '/boot/trace/{machine}', id: 'traceBoot', tag: 'boot', role: 'viewer',
    summary: 'Show what the boot services saw of one machine and what they answered, in order',
    description: [
      'The machine: a node\'s name, a MAC or an address; machines that are no node are known by the last two. The newest 500 records of each are kept, for a month.',
      'To follow, ask again with `after` the newest `noted` had and `wait`: it is answered as soon as there is more, at the latest after so many seconds.',
    ].join(' '),
    query: z.strictObject({
      since: time('Only what happened at or after this time.'),
      after: time('Only what was written down after this time: the newest `noted` that the caller has.'),
      wait: z.coerce.number().int().min(0).max(25).optional().describe('Seconds to wait for the first record.'),
      limit: z.coerce.number().int().min(1).max(1000).optional().describe('So many of the newest; 500 unless told.'),
    }),
    answer: { status: 200, schema: z.array(tracedSchema) },
    async handle({ deps: { documents }, param, query: { since, after, wait = 0, limit = 500 }, response, stopping }) {
      const site = documents.site.current();
      const whos = await namesOf(documents, site, param('machine'));
      const read = (until?: string) => documents.trace({ whos, since, after, until, limit });
      if (after === undefined && wait === 0) return named(documents, await read());
      const end = Date.now() + wait * 1000;
      for (;;) {
        const records = await read(new Date(Date.now() - SETTLED_MS).toISOString());
        if (records.length > 0 || Date.now() >= end || stopping.aborted || response.destroyed) return named(documents, records);
        await sleep(LOOK_MS, undefined, { signal: stopping }).catch(() => undefined);
      }
    },
  }),
];

/** The names under which the machine was seen. A stranger's address is somebody's lease. */
async function namesOf(documents: Documents, site: Site, machine: string): Promise<TraceQuery['whos']> {
  const ip = isIP(machine) !== 0;
  const mac = !ip && isMac(machine) ? parseMac(machine) : null;
  const nodeId = ip ? nodeWithAddress(site, machine) : mac === null ? null : site.macs.get(mac) ?? null;
  const node = nodeId === null ? null : site.nodes.get(nodeId) ?? null;
  if (node !== null) return machineNames(site, node);
  if (mac !== null) return [mac];
  if (!ip) return machineNames(site, nodeOf(site, machine));
  const holder = await documents.leaseHolder(machine);
  return holder === null ? [machine] : [holder, machine];
}

function named(documents: Documents, records: Awaited<ReturnType<Documents['trace']>>): Traced[] {
  const { nodes } = documents.site.current();
  return records.map(({ noted, nodeId, at, service, mac, ip, networkId, saw, answered, why, facts }) => (
    { at, noted, service, node: nodeId === null ? null : nodes.get(nodeId)?.name ?? null, nodeId, mac, ip, networkId, saw, answered, why, facts }
  ));
}
