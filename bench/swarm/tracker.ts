import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Server from 'bittorrent-tracker/server';
import { createTracker } from '../../infra/boot/torrent/tracker.ts';
import { createLog } from '../../infra/log.ts';
import { parentsIn } from './answer.ts';

// The tracker of a benchmark's swarm: luna's own, or one as stock clients are used to. argv: address, info hash, shaped or
// stock, open or held, addresses that are admitted (all when there are none).
const [address = '', infoHash = '', kind = 'shaped', begun = 'held', admitted = ''] = process.argv.slice(2);
const log = createLog('tracker', 'info');
const isAdmitted = (ip: string): boolean => ip === address || admitted === '' || admitted.split(',').includes(ip);
const tracker = kind === 'shaped' ? createTracker({
  isServed: (hash) => hash === infoHash,
  settings: () => ({ tracker_interval: 10, tracker_min_interval: 5, tracker_maxpeers: 200 }),
  isOwn: (ip) => ip === address,
  isAdmitted,
  switchOf: () => null,
}, log) : null;
const stock = new Server({ http: false, udp: false, ws: false, stats: false, interval: 10_000 });

/** What each machine was told last: whom to load each stripe from. */
const parents: Record<string, string[]> = {};
/** Whether what serves the image has announced itself. */
let seeding = false;
let open = begun === 'open';
const waiting: (() => void)[] = [];

createServer((req, res) => {
  const ip = req.socket.remoteAddress ?? '';
  if (req.url === '/open') {
    open = true;
    for (const one of waiting.splice(0)) one();
    res.end('open\n');
  } else if (req.url === '/waiting') res.end(`${waiting.length}\n`);
  else if (req.url === '/seeding') res.end(`${seeding}\n`);
  else if (req.url === '/parents') res.end(JSON.stringify(parents));
  else if (!isAdmitted(ip)) tracker?.refuse(res, `${ip} is not being installed`);
  // Machines that are started one after another must all begin at once: what they ask first is answered when all are there.
  else if (open || ip === address) answer(ip, req, res);
  else waiting.push(() => { answer(ip, req, res); });
}).listen(7050, address, () => { log.info('tracker.listening'); });

function answer(ip: string, req: IncomingMessage, res: ServerResponse): void {
  if (req.url === '/begin') return void res.end('begin\n');
  seeding ||= ip === address;
  if (tracker === null) {
    stock.onHttpRequest(req, res);
    return;
  }
  const end = res.end.bind(res) as (chunk: unknown) => ServerResponse;
  res.end = (chunk: unknown) => {
    if (chunk instanceof Uint8Array) parents[ip] = parentsIn(chunk) ?? parents[ip] ?? [];
    return end(chunk);
  };
  tracker.answer(req, res);
}
