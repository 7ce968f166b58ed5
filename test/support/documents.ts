import { documentsPart } from '../../infra/engine/documents.ts';
import { startEngine } from './engine.ts';

export { freePort } from './engine.ts';

/** The document engine that luna embeds, on a free port with an empty folder of its own. `dataDir` is an instance's. */
export async function startDocuments(): Promise<{ uri: string; dataDir: string; crash: () => Promise<void>; stop: () => Promise<void> }> {
  const { config, crash, stop } = await startEngine(documentsPart);
  return { uri: config.mongo.uri, dataDir: config.dataDir, crash, stop };
}
