import { statSync } from 'node:fs';
import { join } from 'node:path';
import { startSeeder } from '../../infra/boot/torrent/seeder.ts';
import { createLog } from '../../infra/log.ts';

/** The seeder of a benchmark's swarm: luna's own. argv: address, folder, info hash, addresses that are admitted (all when there are none). */
const [address = '', directory = '', infoHash = '', admitted = ''] = process.argv.slice(2);
const log = createLog('seeder', 'info');
const seeder = await startSeeder({ port: 6881, directory, isAdmitted: (ip) => admitted === '' || admitted.split(',').includes(ip), log });
await seeder.seed([{ infoHash, file: 'image', size: statSync(join(directory, 'image')).size, torrentFile: 'image.torrent', osimage: 'image', announce: `http://${address}:7050/announce` }]);
