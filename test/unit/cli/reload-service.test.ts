import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Reloaded } from '../../../cli/reload-service.ts';
import { projectRoot } from '../../../infra/root.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const dir = temporaryFolder('reload');
writeFileSync(join(dir, 'systemctl'), `#!/bin/sh
case $1 in
is-active) case " $ACTIVE " in *" $3 "*) exit 0 ;; *) exit 3 ;; esac ;;
*) [ "$FAILS" != "$2" ] || { echo "Job for $2.service failed."; exit 1; } ;;
esac
`, { mode: 0o755 });

/** What a server's reload comes to on a machine that systemd runs (or not), with services that are active and one that fails. */
function reload({ systemd = true, active = '', fails = '' }: { systemd?: boolean; active?: string; fails?: string }): Reloaded {
  const code = `import { reloadService } from ${JSON.stringify(join(projectRoot, 'cli/reload-service.ts'))};
    console.log(JSON.stringify(await reloadService(['named', 'bind9'], 'reload')));`;
  const enter = `mount -t tmpfs tmpfs /run; ${systemd ? 'mkdir -p /run/systemd/system; ' : ''}exec "$0" --input-type=module-typescript --eval "$1"`;
  const env = { PATH: `${dir}:/usr/bin:/bin:/usr/sbin:/sbin`, ACTIVE: active, FAILS: fails };
  return JSON.parse(execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', enter, process.execPath, code], { env, encoding: 'utf8' })) as Reloaded;
}

describe('having a server read its files again', { skip: process.getuid?.() === 0 ? false : 'needs root for a /run of its own' }, () => {
  for (const [what, machine, expected] of [
    ['is done by systemd for the name the service has here', { active: 'bind9' }, { done: true, told: 'bind9: reload done.' }],
    ['leaves a service alone that does not run', {}, { done: false, told: 'No named or bind9 runs here, so no server was told.', next: 'systemctl start named' }],
    ['says what systemd says when it fails', { active: 'named', fails: 'named' }, { done: false, told: 'named: reload failed: Job for named.service failed.', next: 'systemctl status named' }],
    ['is left to people where no service manager runs', { systemd: false }, { done: false, told: 'No service manager runs here, so no server was told.', next: 'have named read its files again' }],
  ] as const) {
    it(what, () => { assert.deepEqual(reload(machine), expected); });
  }
});
