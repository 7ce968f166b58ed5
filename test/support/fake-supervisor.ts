import { loadConfig } from '../../infra/config.ts';
import { supervise } from '../../infra/engine/supervise.ts';
import { createLog } from '../../infra/log.ts';
import { type Behaviour, fakePart } from './fake-part.ts';

// A supervisor of the parts that LUNA_FAKE_PARTS names, as `name:behaviour,…`.
const parts = (process.env.LUNA_FAKE_PARTS ?? '').split(',').map((text) => {
  const [name = '', behaviour = 'serve'] = text.split(':');
  return fakePart(name, behaviour as Behaviour);
});
const stop = new AbortController();
process.on('SIGTERM', () => { stop.abort(); });
await supervise(parts, { config: loadConfig(process.env), log: createLog('supervisor'), signal: stop.signal, limits: { stopMs: 1000 } })
  .then(() => process.exit(0), () => process.exit(1));
