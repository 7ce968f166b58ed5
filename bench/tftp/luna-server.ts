import { startTftp } from '../../infra/boot/tftp/server.ts';
import { mappedFiles } from '../../infra/boot/tftp/files.ts';
import { createLog } from '../../infra/log.ts';
import { createMetrics } from '../../infra/metrics/metrics.ts';

// luna's TFTP service as the boot process runs it, alone: `node luna-server.ts DEVICE ADDRESS FOLDER FILE`. Logs to stdout.

const [name = '', address = '', folder = '', file = ''] = process.argv.slice(2);
await startTftp({
  interfaces: () => [{ name, address }],
  files: mappedFiles({ directories: [folder], names: { [file]: file } }),
  log: createLog('boot', 'info'),
  meter: createMetrics('boot').meter('tftp'),
  seen: () => undefined,
});
