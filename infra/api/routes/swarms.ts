import * as z from 'zod';
import { LunaError } from '../../../domain/errors.ts';
import type { Osimage } from '../../../domain/osimage.ts';
import { swarmRecordSchema, swarmSummarySchema, swarmViewSchema } from '../../../domain/swarm.ts';
import type { ApiDeps } from '../deps.ts';
import { type Call, type Route, route } from '../route.ts';
import { named } from './objects.ts';

const tag = 'osimages' as const;

/** How many waves of an image its history shows unless told. */
const HISTORY = 50;

/** How images spread among the machines that load them. */
export const swarmRoutes: Route[] = [
  route({
    method: 'get', path: '/swarms', id: 'listSwarms', tag, role: 'viewer',
    summary: 'Show every swarm in sum: how many machines load which image, how fast, and what the server gives',
    description: 'A swarm is shown until a minute after its last machine. `link` is the slowest link, as the cards report it, or the fastest rate seen where none does; `bound` is what the image takes over it at best, in seconds.',
    answer: { status: 200, schema: z.array(swarmSummarySchema) },
    handle: ({ deps }) => ofBoot(deps, (swarms) => swarms.all()),
  }),
  route({
    method: 'get', path: '/osimages/{name}/swarm', id: 'showSwarm', tag, role: 'viewer',
    summary: 'Show the swarms of an image: every machine, whom it is fed by, its rates; and what went wrong',
    description: 'One for each packed version that machines load, and one for the rest of its initramfs, which they load first (`part`); none while nobody does. In `parents` stands for each stripe who feeds the machine; null is the server.',
    answer: { status: 200, schema: z.array(swarmViewSchema) },
    async handle(call) {
      const { _id } = osimage(call);
      const hashes = [...call.deps.documents.site.current().artefacts.values()].filter((one) => one.osimage === _id).flatMap(({ tree, rest }) => [...rest === undefined ? [] : [rest.infoHash], tree.infoHash]);
      const views = await ofBoot(call.deps, (swarms) => Promise.all([...new Set(hashes)].map((infoHash) => swarms.one(infoHash))));
      return views.filter((view) => view !== null && view.machines > 0);
    },
  }),
  route({
    method: 'get', path: '/osimages/{name}/swarm/history', id: 'listWaves', tag, role: 'viewer',
    summary: 'Show the waves in which machines loaded an image, newest first',
    description: 'A wave is machines that come within ten seconds of each other\'s loading. `last` (T_last) is from the last arrival to the last byte of the last machine, `share` is `bound` ÷ `last`; both are null where machines brought a part along.',
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).optional().describe(`So many of the newest; ${HISTORY} unless told.`) }),
    answer: { status: 200, schema: z.array(swarmRecordSchema) },
    handle: (call) => call.deps.documents.swarmsOf(osimage(call)._id, call.query.limit ?? HISTORY),
  }),
];

function osimage({ deps: { documents }, param }: Pick<Call<unknown, unknown>, 'deps' | 'param'>): Osimage {
  return named(documents.site.current().osimages.values(), 'osimage', param('name'));
}

async function ofBoot<T>({ swarms, log }: ApiDeps, ask: (swarms: ApiDeps['swarms']) => Promise<T>): Promise<T> {
  return ask(swarms).catch((error: unknown) => {
    log.warn('swarms.not_told', { error });
    throw new LunaError('unavailable', 'the boot services don\'t tell of their swarms now', 'luna status');
  });
}
