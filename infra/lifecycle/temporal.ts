import { Client, Connection } from '@temporalio/client';
import type { TemporalConfig } from '../config.ts';

/**
 * A client that connects when it is first used and reconnects by itself, so that a service starts and answers while
 * Temporal is away.
 */
export function temporalClient(config: TemporalConfig): { client: Client; close(): Promise<void> } {
  const connection = Connection.lazy({ address: config.address, connectTimeout: '5 seconds' });
  return { client: new Client({ connection, namespace: config.namespace }), close: () => connection.close() };
}
