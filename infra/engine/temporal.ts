import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { findEngine } from './executables.ts';
import type { Part } from './part.ts';

/** What the Web UI and `luna provision` can filter runs by. All are keywords. */
export const searchAttributes = ['LunaNode', 'LunaGroup', 'LunaImage', 'LunaStage'] as const;

/** Closed runs stay this long; the store keeps their summaries for good. */
const retentionMs = 30 * 24 * 3600 * 1000;

/** `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API. */
const keyword = 2;

/**
 * Temporal: the site's own when the configuration has an address, else the dev server with a database file. With a
 * write-ahead log and `synchronous=NORMAL` it takes little more than half the CPU and survives any kill; after a power
 * cut the last moments before it may be repeated, which activities bear by design.
 */
export function temporalPart(config: Config): Part {
  const { address, external, uiPort, namespace } = config.temporal;
  const check = (signal: AbortSignal) => checkTemporal(address, namespace, external, signal);
  if (external) return { name: 'temporal', tier: 'engine', claims: [], addresses: [`tcp://${address}`], note: 'external', check };

  const folder = join(config.dataDir, 'temporal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = findEngine('temporal', config.cacheDir, config.searchPath);
  const [host = '127.0.0.1', port = '7233'] = address.split(':');
  return {
    name: 'temporal',
    tier: 'engine',
    launch: {
      command: server.path,
      args: [
        'server', 'start-dev', '--db-filename', join(folder, 'temporal.db'), '--ip', host, '--port', port, '--ui-port', String(uiPort), '--log-level', 'warn',
        ...['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]),
        ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
        ...(namespace === 'default' ? [] : ['--namespace', namespace]),
      ],
      env: server.env,
    },
    claims: [
      { protocol: 'tcp', address: host, port: Number(port), variable: 'LUNA_TEMPORAL_PORT' },
      { protocol: 'tcp', address: host, port: uiPort, variable: 'LUNA_TEMPORAL_UI_PORT' },
    ],
    addresses: [`tcp://${address}`, `http://${host}:${uiPort}`],
    note: `${server.path} (from ${server.from})`,
    check,
  };
}

/** Resolves when the namespace answers and knows luna's search attributes, which are added when missing. */
async function checkTemporal(address: string, namespace: string, external: boolean, signal: AbortSignal): Promise<void> {
  // Loaded here: it takes half a second, which the server needs to start anyway.
  const client = await import('@temporalio/client');
  signal.throwIfAborted();
  const connection = await client.Connection.connect({ address, connectTimeout: '5 s' });
  try {
    await connection.withDeadline(Date.now() + 10_000, () => prepareNamespace(connection, namespace, external));
  } finally {
    await connection.close();
  }
}

async function prepareNamespace(connection: Connection, namespace: string, external: boolean): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const wanted = msToTs(retentionMs);
  if (!external && String(config?.workflowExecutionRetentionTtl?.seconds) !== String(wanted.seconds)) {
    await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: wanted } });
  }
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])) });
}
