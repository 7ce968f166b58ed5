import * as z from 'zod';
import { type ChangePosition, changeSchema, parsePosition, positionPattern } from '../../../domain/change-position.ts';
import { LunaError } from '../../../domain/errors.ts';
import { rogueEventSchema } from '../../../domain/rogue-server.ts';
import { swarmNewsSchema } from '../../../domain/swarm.ts';
import { streamChanges } from '../event-stream.ts';
import { type Route, route } from '../route.ts';

/** So many may follow at once; each reads the history for himself. */
const FOLLOWERS = 32;
let followers = 0;

/** All changes of what is declared, as they happen. */
export const eventRoutes: Route[] = [
  route({
    method: 'get', path: '/events', id: 'followChanges', tag: 'site', role: 'viewer',
    summary: 'Follow all changes as server-sent events',
    description: [
      'Events of type `change`, their data a Change, and of type `dhcp.rogue`: a DHCP server that is not luna\'s came or went (those that are there are told at first), and `swarm`: a machine that loads an image was found slow, silent or dishonest. Begins with what comes; `after`, or `Last-Event-ID`, replays what came since that id (0.0: everything).',
      'A comment every 15 s of silence is the heartbeat. Who takes nothing for 20 s is cut and can come back to where he was.',
    ].join(' '),
    query: z.strictObject({
      after: z.string().regex(positionPattern, 'must be the id of an event, such as 17.4').optional().describe('The id of the last event had.'),
      end: z.literal('1').optional().describe('End when nothing newer is known, instead of waiting for it.'),
    }),
    answer: { status: 200, stream: 'text/event-stream', data: z.union([changeSchema, rogueEventSchema, swarmNewsSchema]) },
    async handle({ deps: { documents, swarms }, query, request, response, stopping, stillAllowed }) {
      const told = query.after ?? request.get('last-event-id');
      const from: ChangePosition | null = told === undefined ? await documents.changes.position() : parsePosition(told);
      if (from === null) throw new LunaError('invalid', `Last-Event-ID: ${String(told).slice(0, 40)} is no id of an event; it looks like 17.4`);
      if (followers >= FOLLOWERS) throw new LunaError('unavailable', `${FOLLOWERS} follow the changes already`, 'end one of them');
      if (request.method === 'HEAD') {
        response.type('text/event-stream').end();
        return;
      }
      followers += 1;
      try {
        await streamChanges({ documents, swarms: () => swarms.events(), response, from, stopping, stillAllowed, ends: query.end === '1' });
      } finally {
        followers -= 1;
      }
    },
  }),
];
