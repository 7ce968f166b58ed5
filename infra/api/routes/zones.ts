import { zoneFile } from '../../../domain/bind.ts';
import { LunaError } from '../../../domain/errors.ts';
import { risingSerial } from '../../../domain/zone-serial.ts';
import { zonesViewSchema } from '../../../domain/zone-views.ts';
import { zonesOf } from '../../../domain/zones.ts';
import type { Documents } from '../documents.ts';
import { type Route, route } from '../route.ts';

/** The site's DNS zones, as data and in the form of RFC 1035 §5 (text/dns, RFC 4027). */
export const zoneRoutes: Route[] = [
  route({
    method: 'get', path: '/zones', id: 'listZones', tag: 'networks', role: 'viewer',
    summary: 'Show the DNS zones of the site as data',
    answer: { status: 200, schema: zonesViewSchema },
    async handle({ deps: { documents } }) {
      return { changedAt: await changedAt(documents), ...zonesOf(documents.site.current()) };
    },
  }),
  route({
    method: 'get', path: '/zones/{name}', id: 'showZone', tag: 'networks', role: 'viewer',
    summary: 'Show a DNS zone as a file',
    answer: { status: 200, text: 'text/dns' },
    async handle({ deps: { documents }, param }) {
      const name = param('name');
      const zone = zonesOf(documents.site.current()).zones.find((one) => one.name.toLowerCase() === name.toLowerCase());
      if (zone === undefined) throw new LunaError('not-found', `there is no zone named ${name}`, 'luna network list');
      return zoneFile(zone, risingSerial(new Date(await changedAt(documents)), null));
    },
  }),
];

/** Reads the time before the site is looked at: a change in between makes a serial too low, never a zone too old for its serial. */
async function changedAt(documents: Documents): Promise<string> {
  return await documents.newestChangeAt() ?? new Date(0).toISOString();
}
