import type { Route } from './route.ts';
import { bootServiceRoutes } from './routes/boot-services.ts';
import { bootTraceRoutes } from './routes/boot-trace.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { cloneRoutes } from './routes/clones.ts';
import { clusterRoutes } from './routes/cluster.ts';
import { dhcpRoutes } from './routes/dhcp.ts';
import { historyRoutes } from './routes/history.ts';
import { accessRoutes } from './routes/access.ts';
import { eventRoutes } from './routes/events.ts';
import { bmcsetups, groups, networks, nodes, osimages, otherdevs, switches } from './routes/kinds.ts';
import { kernelRoutes } from './routes/kernels.ts';
import { macRoutes } from './routes/macs.ts';
import { descriptionRoute, lunaRoutes } from './routes/luna.ts';
import { networkRoutes } from './routes/network-addresses.ts';
import { nameRoutes } from './routes/names.ts';
import { nodeRoutes } from './routes/nodes.ts';
import { objectRoutes } from './routes/objects.ts';
import { packRoutes } from './routes/pack.ts';
import { powerRoutes } from './routes/power.ts';
import { provisionRoutes } from './routes/provision.ts';
import { siteRoutes } from './routes/site.ts';
import { swarmRoutes } from './routes/swarms.ts';
import { zoneRoutes } from './routes/zones.ts';

/** Every call of the API. A call exists by standing here, and so it is described, checked and guarded. */
export const apiRoutes: readonly Route[] = [
  ...clusterRoutes,
  ...bulkRoutes,
  ...historyRoutes,
  ...objectRoutes(networks),
  ...networkRoutes,
  ...objectRoutes(switches),
  ...objectRoutes(otherdevs),
  ...objectRoutes(osimages),
  ...kernelRoutes,
  ...packRoutes,
  ...swarmRoutes,
  ...objectRoutes(bmcsetups),
  ...objectRoutes(groups),
  ...cloneRoutes,
  ...objectRoutes(nodes),
  ...nodeRoutes,
  ...macRoutes,
  ...provisionRoutes,
  ...bootServiceRoutes,
  ...bootTraceRoutes,
  ...powerRoutes,
  ...siteRoutes,
  ...zoneRoutes,
  ...dhcpRoutes,
  ...eventRoutes,
  ...accessRoutes,
  ...nameRoutes,
  ...lunaRoutes,
  descriptionRoute(() => apiRoutes),
];
