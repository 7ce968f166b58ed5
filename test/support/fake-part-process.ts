import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , name = '', behaviour = ''] = process.argv;
const run = join(process.env.LUNA_DATA ?? '', 'run');
const tell = (what: string) => { appendFileSync(join(run, 'told'), `${name} ${what}\n`); };

console.log(`${name} says hello`);
tell('started');
if (behaviour === 'fail') {
  console.error(`${name} finds no licence to run`);
  process.exit(7);
}
process.on('SIGTERM', () => {
  if (behaviour === 'deaf') return;
  tell('stopped');
  process.exit(0);
});
writeFileSync(join(run, `${name}.ready`), JSON.stringify({ pid: process.pid, addresses: ['udp://0.0.0.0:1'] }));
if (behaviour === 'end-once-ready') {
  const mark = join(run, `${name}.ended-once`);
  if (!existsSync(mark)) {
    writeFileSync(mark, '');
    setTimeout(() => process.exit(3), 100);
  }
}
setInterval(() => undefined, 1000);
