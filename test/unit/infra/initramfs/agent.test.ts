import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '../../../../infra/root.ts';

const agent = join(projectRoot, 'infra/initramfs/95luna/agent');
const dir = mkdtempSync(join(tmpdir(), 'agent-'));
after(() => { rmSync(dir, { recursive: true }); });

/** Runs shell code with some of the agent's files sourced; gives its exit code and what it printed. */
function sh(files: string[], code: string, input = ''): { status: number | null; out: string } {
  const sourced = files.map((file) => `. '${agent}/${file}.sh'`).join('\n');
  const { status, stdout, stderr } = spawnSync('sh', ['-c', `set -eu\n${sourced}\nRUN='${dir}'\n${code}`], { input, encoding: 'utf8' });
  return { status, out: stdout + stderr };
}

describe("the agent's files", () => {
  for (const file of readdirSync(agent).filter((name) => name.endsWith('.sh'))) {
    it(`${file} is shell that sh understands`, () => {
      execFileSync('sh', ['-n', join(agent, file)]);
    });
  }
});

describe('finding the card that booted', () => {
  for (const [mac, address, same] of [
    ['52:54:00:00:00:01', '52:54:00:00:00:01', true],
    ['52:54:00:00:00:01', '52:54:00:00:00:02', false],
    ['e4:1d:2d:03:4e:41', '80:00:02:08:fe:80:00:00:00:00:00:00:e4:1d:2d:03:00:03:4e:41', true],
    ['e4:1d:2d:03:4e:42', '80:00:02:08:fe:80:00:00:00:00:00:00:e4:1d:2d:03:00:03:4e:41', false],
  ] as const) {
    it(`${same ? 'takes' : 'leaves'} ${address} for ${mac}`, () => {
      assert.equal(sh(['base', 'nic'], `same_mac ${mac} ${address}`).status, same ? 0 : 1);
    });
  }
});

describe("a password for the BMC's raw command", () => {
  it('is padded to 16 bytes and survives any character', () => {
    const password = "p'w\"$ #\\";
    const { out } = sh(['setupbmc'], 'bytes_padded 16', password);
    const bytes = out.trim().split(' ').map(Number);

    assert.equal(bytes.length, 16);
    assert.equal(Buffer.from(bytes.slice(0, password.length)).toString(), password);
    assert.ok(bytes.slice(password.length).every((byte) => byte === 0));
  });

  it('fills the 20-byte form', () => {
    assert.equal(sh(['setupbmc'], 'bytes_padded 20', 'x'.repeat(20)).out.trim(), Array.from({ length: 20 }, () => '0x78').join(' '));
  });
});

describe('the last words of a log', () => {
  for (const [log, words] of [
    ['one\nmount: no such device\n       dmesg(1) may have more information.\n', 'mount: no such device'],
    ['progress\r\nend\r\n\n', 'end'],
    ['', 'it said nothing'],
  ] as const) {
    it(`of ${JSON.stringify(log)} are ${JSON.stringify(words)}`, () => {
      writeFileSync(join(dir, 'log'), log);
      assert.equal(sh(['base'], `last_words '${dir}/log'`).out.trim(), words);
    });
  }
});

describe("reading the controller's answers", () => {
  it('finds a value whatever stands around it', () => {
    writeFileSync(join(dir, 'answer'), 'action=run\nstage=download\nreason=a=b c\nattempt=2');
    const { out } = sh(['base'], `for key in action reason attempt other; do answer_of $key '${dir}/answer'; echo "$key:$answer"; done`);

    assert.equal(out, 'action:run\nreason:a=b c\nattempt:2\nother:\n');
  });
});

describe('what the peer says of itself', () => {
  it('counts when it comes a moment after the end of the stream', () => {
    const late = "echo streamed=99 > \"$RUN/swarm.status\"; (sleep 0.6; echo streamed=100 > \"$RUN/swarm.status\") &";
    assert.equal(sh(['base', 'unpack'], `${late}\nstreamed_to_the_end`).status, 0);
  });

  it('is forgotten when the peer has ended, and not before: until then it may write', () => {
    writeFileSync(join(dir, 'pipeline.pid'), '1');
    sh(['base'], 'end_session() { echo percent=100 > "$RUN/swarm.status"; }\nstop_seeding');
    assert.ok(!existsSync(join(dir, 'swarm.status')) && !existsSync(join(dir, 'pipeline.pid')));
  });
});

describe("the torrent client's summary", () => {
  for (const [line, progress] of [
    ['[#2089b0 400KiB/33MiB(1%) CN:5 SD:2 DL:115KiB ETA:4m51s]', '1 117760 5 from the swarm'],
    ['[#2089b0 0B/33MiB(0%) CN:0 SD:0 DL:0B]', '0 0 0 from the swarm'],
    ['[#2089b0 SEED(0.0) CN:3 SD:1 UL:1.5MiB(8.0MiB)]', '- - 3 from the swarm'],
  ] as const) {
    it(`reads ${line}`, () => {
      writeFileSync(join(dir, 'swarm.log'), `*** Download Progress Summary ***\n${line}\nFILE: x\n`);
      assert.equal(sh(['base', 'download'], 'progress() { echo "$*"; }\naria2_progress').out.trim(), progress);
    });
  }
});

describe('the inventory', () => {
  it('is JSON with the cards it is asked about', () => {
    const out = execFileSync('awk', ['-f', join(agent, 'inventory.awk'), '/sys/class/net/lo', '/sys/block/loop0'], { encoding: 'utf8' });
    const inventory = JSON.parse(out) as { cpus: number; memory: number; disks: unknown[]; nics: unknown[] };

    assert.ok(inventory.cpus > 0 && inventory.memory > 0);
    assert.deepEqual([inventory.disks, inventory.nics], [[], []]);
  });
});

describe('the example scripts', () => {
  it('prepare a disk for both firmwares', () => {
    const text = readFileSync(join(projectRoot, 'infra/initramfs/examples/one-disk.sh'), 'utf8');
    for (const part of ['bios_grub', 'esp', '/sysroot/boot/efi']) assert.ok(text.includes(part), part);
  });
});
