import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LunaError } from '../domain/errors.ts';
import { type ConfSections, parseConf } from './conf-file.ts';
import { type LogLevel, logLevels } from './log.ts';
import { mongoUri } from './mongo-uri.ts';
import { projectRoot } from './root.ts';

/** A TCP endpoint. `host` is an address or a name. */
export interface HostPort { host: string; port: number }

/** Where Temporal is. `external`: luna uses it and never starts it. `uiPort` is the Web UI of the embedded one. */
export interface TemporalConfig { address: string; namespace: string; external: boolean; uiPort: number }

/** Where the documents are. `uri` may hold a password: never log it. `external`: luna uses it and never starts it. */
export interface MongoConfig { uri: string; database: string; external: boolean }

/** Everything one luna instance is told from outside. Paths are absolute. */
export interface Config {
  dataDir: string;
  logDir: string;
  runDir: string;
  tokenFile: string;
  /** The key of the secrets in the database. `made`: luna makes it when it is missing; a file that was named must be there. */
  secretsKey: { file: string; made: boolean };
  /** The key that signs what is packed. `made` as with the secrets'. */
  imageKey: { file: string; made: boolean };
  /** Key and certificate of the API. `made`: luna makes them when they are missing; files that were named must be there. */
  apiTls: { keyFile: string; certFile: string; made: boolean };
  imagesDir: string;
  bootDir: string;
  torrentsDir: string;
  /** Downloads and generated code, shared by all instances of this installation. */
  cacheDir: string;
  apiSocket: string;
  api: HostPort;
  httpPort: number;
  /** HTTPS for nodes, beside HTTP; null: not asked for. `made`: as with the API's. */
  https: { port: number; keyFile: string; certFile: string; made: boolean } | null;
  dhcpPort: number;
  tftpPort: number;
  /** TFTP answers from its own port alone, for firewalls that know no other. */
  tftpSinglePort: boolean;
  /** Null: luna serves no DNS, and other software may. */
  dnsPort: number | null;
  seederPort: number;
  temporal: TemporalConfig;
  mongo: MongoConfig;
  /** Where programs are looked for: PATH. */
  searchPath: string;
  logLevel: LogLevel;
}

/** The configuration can't be used; `mistakes` has one line for each. */
export class ConfigError extends LunaError {
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    const count = `${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}`;
    super('invalid', `The configuration has ${count}:${mistakes.map((line) => `\n  ${line}`).join('')}`, 'correct the environment or /etc/luna.conf');
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}

type Environment = Record<string, string | undefined>;

/** Longest path of a unix socket that the kernel takes is 107 bytes. */
const longestSocketPath = 107;

/**
 * Reads the environment and `/etc/luna.conf` (or `LUNA_CONF`) into one typed object; the environment wins. This is the
 * only reader of either. Throws {@link ConfigError} with all mistakes at once.
 */
export function loadConfig(env: Environment): Config {
  const mistakes: string[] = [];
  const conf = readConf(env, mistakes);
  const port = (name: string, fallback: number) => parsePort(name, env[name], fallback, mistakes);
  const dataDir = resolve(env.LUNA_DATA || '/var/lib/luna');
  const runDir = join(dataDir, 'run');
  const apiSocket = join(runDir, 'api.sock');
  if (Buffer.byteLength(apiSocket) > longestSocketPath) {
    mistakes.push(`LUNA_DATA="${dataDir}": too long, ${apiSocket} must fit in ${longestSocketPath} bytes; choose a shorter path`);
  }
  const config: Config = {
    dataDir,
    logDir: join(dataDir, 'log'),
    runDir,
    tokenFile: join(dataDir, 'token'),
    secretsKey: keyFile(env.LUNA_SECRETS_KEY_FILE, join(dataDir, 'secrets.key')),
    imageKey: keyFile(env.LUNA_IMAGE_KEY_FILE, join(dataDir, 'image.key')),
    apiTls: tlsFiles(env, 'API', join(dataDir, 'api'), mistakes),
    imagesDir: join(dataDir, 'images'),
    bootDir: join(dataDir, 'boot'),
    torrentsDir: join(dataDir, 'torrents'),
    cacheDir: resolve(env.LUNA_CACHE || join(projectRoot, '.cache')),
    apiSocket,
    api: parseHostPort('LUNA_API_ADDRESS', env.LUNA_API_ADDRESS || '127.0.0.1:7051', mistakes),
    httpPort: port('LUNA_HTTP_PORT', 7050),
    https: parseSwitch('LUNA_HTTPS', env.LUNA_HTTPS, mistakes) ? { port: port('LUNA_HTTPS_PORT', 7053), ...tlsFiles(env, 'HTTPS', join(dataDir, 'boot'), mistakes) } : null,
    dhcpPort: port('LUNA_DHCP_PORT', 67),
    tftpPort: port('LUNA_TFTP_PORT', 69),
    tftpSinglePort: parseSwitch('LUNA_TFTP_SINGLE_PORT', env.LUNA_TFTP_SINGLE_PORT, mistakes),
    dnsPort: env.LUNA_DNS_PORT === 'off' ? null : port('LUNA_DNS_PORT', 53),
    seederPort: port('LUNA_SEEDER_PORT', 7052),
    temporal: temporalConfig(env, conf, port, mistakes),
    mongo: mongoConfig(env, conf, port, mistakes),
    searchPath: env.PATH ?? '',
    logLevel: parseLevel(env.LUNA_LOG_LEVEL, mistakes),
  };
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return config;
}

/** The key that was named, or luna's own. */
function keyFile(named: string | undefined, own: string): Config['secretsKey'] {
  return named ? { file: resolve(named), made: false } : { file: own, made: true };
}

/** The key and certificate that `LUNA_<NAME>_KEY_FILE` and `_CERT_FILE` name, or those that luna makes: `own` with `.key` and `.crt`. */
function tlsFiles(env: Environment, name: 'API' | 'HTTPS', own: string, mistakes: string[]): Config['apiTls'] {
  const [keyName, certName] = [`LUNA_${name}_KEY_FILE`, `LUNA_${name}_CERT_FILE`] as const;
  const [key, cert] = [env[keyName], env[certName]];
  if (key && cert) return { keyFile: resolve(key), certFile: resolve(cert), made: false };
  if (key || cert) mistakes.push(`${keyName} and ${certName} belong together: ${key ? certName : keyName} is missing`);
  return { keyFile: `${own}.key`, certFile: `${own}.crt`, made: true };
}

function temporalConfig(env: Environment, conf: ConfSections, port: (name: string, fallback: number) => number, mistakes: string[]): TemporalConfig {
  const section = known(conf, 'temporal', ['address', 'namespace'], mistakes);
  const address = env.LUNA_TEMPORAL_ADDRESS || section?.get('address');
  if (address) parseHostPort('the address of Temporal', address, mistakes);
  return {
    address: address ?? `127.0.0.1:${port('LUNA_TEMPORAL_PORT', 7233)}`,
    namespace: env.LUNA_TEMPORAL_NAMESPACE || section?.get('namespace') || 'default',
    external: address !== undefined && address !== '',
    uiPort: port('LUNA_TEMPORAL_UI_PORT', 8233),
  };
}

function mongoConfig(env: Environment, conf: ConfSections, port: (name: string, fallback: number) => number, mistakes: string[]): MongoConfig {
  const section = known(conf, 'mongodb', ['replicaset', 'server', 'authdb', 'user', 'password', 'ssl', 'cacert'], mistakes);
  const database = 'luna';
  const given = env.LUNA_MONGODB_URI;
  if (given) {
    if (!/^mongodb(\+srv)?:\/\/./.test(given)) mistakes.push('LUNA_MONGODB_URI: must start with mongodb:// or mongodb+srv://');
    return { uri: given, database, external: true };
  }
  if (section) return { uri: mongoUri(section, mistakes), database, external: true };
  return { uri: `mongodb://127.0.0.1:${port('LUNA_MONGODB_PORT', 27017)}/?directConnection=true`, database, external: false };
}

function readConf(env: Environment, mistakes: string[]): ConfSections {
  const path = env.LUNA_CONF || '/etc/luna.conf';
  if (!existsSync(path)) {
    if (env.LUNA_CONF) mistakes.push(`LUNA_CONF="${path}": there is no such file`);
    return new Map();
  }
  try {
    return parseConf(readFileSync(path, 'utf8'), (line, text) => mistakes.push(`${path}:${line}: "${text}" is neither [Section] nor key = value`));
  } catch (error) {
    mistakes.push(`${path}: can't be read (${error instanceof Error ? error.message : String(error)})`);
    return new Map();
  }
}

function known(conf: ConfSections, name: string, keys: readonly string[], mistakes: string[]): Map<string, string> | undefined {
  const section = conf.get(name);
  for (const key of section?.keys() ?? []) {
    if (!keys.includes(key)) mistakes.push(`luna.conf [${name}] ${key}: unknown; known are ${keys.join(', ')}`);
  }
  return section;
}

function parsePort(name: string, text: string | undefined, fallback: number, mistakes: string[]): number {
  if (text === undefined || text === '') return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) mistakes.push(`${name}="${text}": a port is a whole number from 1 to 65535`);
  return port;
}

function parseSwitch(name: string, text: string | undefined, mistakes: string[]): boolean {
  if (text !== undefined && !['', '0', '1'].includes(text)) mistakes.push(`${name}="${text}": must be 1 (on) or 0 (off)`);
  return text === '1';
}

function parseHostPort(name: string, text: string, mistakes: string[]): HostPort {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):(\d{1,5})$/.exec(text);
  if (!match) {
    mistakes.push(`${name}="${text}": must be host:port, as in 127.0.0.1:7051`);
    return { host: '', port: 0 };
  }
  return { host: String(match[1]).replace(/^\[|\]$/g, ''), port: parsePort(name, match[2], 0, mistakes) };
}

function parseLevel(text: string | undefined, mistakes: string[]): LogLevel {
  const level = logLevels.find((known) => known === (text || 'info'));
  if (!level) mistakes.push(`LUNA_LOG_LEVEL="${text ?? ''}": must be one of ${logLevels.join(', ')}`);
  return level ?? 'info';
}
