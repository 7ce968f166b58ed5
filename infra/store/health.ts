import type { Store } from './connect.ts';

/** How long the database may take to answer before it counts as away. */
const PING_MS = 2000;

/** Whether the database answers now, and where it is. Never throws. */
export async function storeHealth(store: Store): Promise<{ ok: boolean; address: string; message: string }> {
  const address = store.client.options.hosts.map(String).join(',');
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      store.db.command({ ping: 1 }),
      new Promise((_, reject) => { timer = setTimeout(() => { reject(new Error(`no answer within ${PING_MS / 1000} s`)); }, PING_MS); }),
    ]);
    return { ok: true, address, message: '' };
  } catch (error) {
    return { ok: false, address, message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
