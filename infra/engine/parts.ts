import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import type { Config } from '../config.ts';
import { codeRoot, ownExtension, projectRoot } from '../root.ts';
import { documentsPart } from './documents.ts';
import type { Part } from './part.ts';
import type { PortClaim } from './ports.ts';
import { temporalPart } from './temporal.ts';

/** What a site does whose names another server on this machine answers. */
const DNS_SETTING = 'LUNA_DNS_PORT (off: luna answers no names)';

/** Everything that `luna up` runs on one machine. Throws {@link LunaError} when one can't be found. */
export function lunaParts(config: Config): Part[] {
  const everywhere = '0.0.0.0';
  return [
    temporalPart(config),
    documentsPart(config),
    workerPart(config, 'api', [{ protocol: 'tcp', address: config.api.host, port: config.api.port, variable: 'LUNA_API_ADDRESS' }]),
    workerPart(config, 'boot', [
      { protocol: 'udp', address: everywhere, port: config.dhcpPort, variable: 'LUNA_DHCP_PORT' },
      { protocol: 'udp', address: everywhere, port: config.tftpPort, variable: 'LUNA_TFTP_PORT' },
      { protocol: 'tcp', address: everywhere, port: config.httpPort, variable: 'LUNA_HTTP_PORT' },
      ...(config.https === null ? [] : [{ protocol: 'tcp' as const, address: everywhere, port: config.https.port, variable: 'LUNA_HTTPS_PORT' }]),
    ]),
    ...(config.dnsPort === null ? [] : [workerPart(config, 'dns', [
      { protocol: 'udp', address: everywhere, besideLoopback: true, port: config.dnsPort, variable: DNS_SETTING },
      { protocol: 'tcp', address: everywhere, besideLoopback: true, port: config.dnsPort, variable: DNS_SETTING },
    ])]),
    workerPart(config, 'seeder', [{ protocol: 'tcp', address: everywhere, port: config.seederPort, variable: 'LUNA_SEEDER_PORT' }]),
    workerPart(config, 'lifecycle', []),
    workerPart(config, 'images', []),
  ];
}

/** The file of a process in `workers/`, in the tree this code runs from. */
export function workerFile(name: string): string {
  const file = join(codeRoot, 'workers', `${name}${ownExtension}`);
  if (!existsSync(file)) throw new LunaError('unavailable', `${file} is missing: luna is not built completely.`, `sh ${join(projectRoot, 'scripts', 'setup.sh')}`);
  return file;
}

function workerPart(config: Config, name: string, claims: PortClaim[]): Part {
  return {
    name,
    tier: 'worker',
    launch: { command: process.execPath, args: [workerFile(name)], env: { NODE_COMPILE_CACHE: join(config.cacheDir, 'compile') } },
    claims,
    addresses: [],
  };
}
