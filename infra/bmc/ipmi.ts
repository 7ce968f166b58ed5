import { execFile } from 'node:child_process';
import type { Bmc } from '../../activities/power.ts';
import { BmcError } from '../../domain/power.ts';

/** Where a BMC is and how to log in. The password never reaches a command line. */
export interface IpmiTarget {
  nodeName: string;
  address: string;
  user: string;
  password: string;
  /** IPMI 2.0 cipher suite. */
  cipher: number;
  bmcsetupName: string;
}

/** One ipmitool call may take this long; a dead BMC is given up after two tries of 3 s. */
const CALL_MS = 20_000;

/** Speaks RMCP+ through ipmitool; one session at a time per BMC. Throws BmcError. */
export function createIpmi(targetOf: (nodeId: string, iface?: string) => Promise<IpmiTarget>, program = 'ipmitool'): Bmc {
  const turns = new Map<string, Promise<unknown>>();

  async function run(nodeId: string, args: string[], iface?: string): Promise<string> {
    const target = await targetOf(nodeId, iface);
    const before = turns.get(target.address) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => ipmitool(program, target, args));
    turns.set(target.address, mine);
    return mine.finally(() => {
      if (turns.get(target.address) === mine) turns.delete(target.address);
    });
  }

  return {
    async status(nodeId, iface) {
      const said = await run(nodeId, ['chassis', 'power', 'status'], iface);
      const state = /is (on|off)/i.exec(said)?.[1]?.toLowerCase();
      if (state === 'on' || state === 'off') return state;
      throw new BmcError(`its BMC answered "${said.trim()}" to power status`, false, 'luna power NODE status');
    },
    async bootFrom(nodeId, device) {
      await run(nodeId, ['chassis', 'bootdev', device]);
    },
    async act(nodeId, action, iface) {
      switch (action) {
        case 'identify':
          await run(nodeId, ['chassis', 'identify', '255'], iface);
          return action;
        case 'noidentify':
          await run(nodeId, ['chassis', 'identify', '0'], iface);
          return action;
        case 'on': case 'off': case 'reset': case 'cycle': case 'soft':
          await run(nodeId, ['chassis', 'power', action], iface);
          return action;
      }
    },
    async coldReset(nodeId) {
      await run(nodeId, ['mc', 'reset', 'cold']);
    },
  };
}

function ipmitool(program: string, target: IpmiTarget, args: string[]): Promise<string> {
  const argv = ['-I', 'lanplus', '-H', target.address, '-U', target.user, '-E', '-C', String(target.cipher), '-R', '2', '-N', '3', '-v', ...args];
  return new Promise((resolve, reject) => {
    execFile(program, argv, { timeout: CALL_MS, env: { ...process.env, IPMI_PASSWORD: target.password } }, (err, stdout, stderr) => {
      if (err === null) resolve(stdout);
      else reject(explain(target, args, err, stderr));
    });
  });
}

/**
 * ipmitool's words for a refused login, as seen with wrong passwords, unknown users and wrong cipher suites. It says them
 * only with -v; without, a wrong password and a dead BMC sound the same.
 */
const REFUSED = /RAKP|unauthorized|open session response|privilege|HMAC|password/i;
/** The BMC does not know the cipher suite: no password would help. */
const CIPHER = /open session response.*(algorithm|cipher)/i;
/** What -v says besides, every time. */
const NOISE = /IANA PEN|^$/;

function explain(target: IpmiTarget, args: string[], err: Error & { code?: unknown; killed?: boolean }, stderr: string): BmcError {
  const what = `BMC ${target.address} of ${target.nodeName}`;
  if (err.code === 'ENOENT') return new BmcError('ipmitool is not installed', true, 'apt-get install ipmitool');
  const said = stderr.split('\n').map((line) => line.replace(/^>\s*/, '').trim()).filter((line) => !NOISE.test(line)).join('; ');
  if (REFUSED.test(said)) {
    const cure = CIPHER.test(said) ? `--cipher ${target.cipher === 3 ? 17 : 3}` : '--user USER --password-file -';
    const next = `luna bmcsetup change ${target.bmcsetupName} ${cure}`;
    return new BmcError(`${what} refused user ${target.user} (cipher suite ${target.cipher}): ${said}`, true, next);
  }
  const why = err.killed === true ? `no answer within ${CALL_MS / 1000} s` : said === '' ? err.message.replace(/^Command failed:.*?\n?/, 'no reason given ') : said;
  return new BmcError(`${what} failed "${args.join(' ')}": ${why}`, false, `luna power ${target.nodeName} status`);
}
