import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { installPlan } from '../../../../domain/install-plan.ts';
import { installScript } from '../../../../infra/templates/install-sh.ts';
import { kernelIpxe } from '../../../../infra/templates/boot-ipxe.ts';
import { menuIpxe } from '../../../../infra/templates/menu-ipxe.ts';
import { networkScript } from '../../../../infra/templates/network-sh.ts';
import { assignments, planEnv } from '../../../../infra/templates/plan-env.ts';
import { ipxe, ipxeText, ipxeWord, shQuote } from '../../../../infra/templates/render.ts';
import { NONCE, testSite } from '../../../support/boot-http.ts';
import { everyKind, planned, setupOf } from '../../../support/network-plan.ts';

/** What sh makes of a script's text. */
const shell = (script: string, ...args: string[]): string => execFileSync('sh', ['-eu', ...args, '-c', script], { encoding: 'utf8' });

const site = testSite();
const node = site.nodes.get('node-1');
const plan = installPlan(site, node ?? assert.fail('no node'));

describe('shell templates', () => {
  for (const value of ["it's", '$(reboot) `reboot` $HOME', 'a\nb', '"; reboot; #', '\\', '*', '', '~', "''''", 'ä €']) {
    test(`carry ${JSON.stringify(value)} unharmed`, () => { assert.equal(shell(`printf %s ${shQuote(value)}`), value); });
  }

  test('make a plan that sh reads back', () => {
    const odd = { ...plan, kernopts: "a='b' $c", interfaces: [{ ...plan.interfaces[0] ?? assert.fail('no interface'), params: "x='1'\ny=2" }] };
    const read = shell(`${planEnv(odd, NONCE).text}\nprintf '%s|' "$LUNA_KERNOPTS" "$LUNA_IF_1_PARAMS" "$LUNA_IF_COUNT" "$LUNA_TREE_URL" "$LUNA_BMC"`);

    assert.equal(read, `a='b' $c|x='1'\ny=2|1|http://127.0.0.1:7050/torrents/${'a'.repeat(64)}.tar.zst?nonce=${NONCE}|1|`);
  });

  test('leave a variable empty when there is nothing to say', () => { assert.equal(assignments({ A: null, B: 0 }).text, "A=''\nB='0'\n"); });

  for (const style of ['netplan', 'networkd', 'keyfile', 'ifcfg', 'ifupdown'] as const) {
    test(`carry the files of ${style} unharmed`, () => {
      const setup = setupOf(style, [...everyKind, planned('ib0', { ip: '10.31.0.1', prefix: 16, params: "x='$(reboot)' `y`\\\nz" })]);
      const nothing = 'networks_by() { :; }; forget() { :; }; ensure() { :; }; resolver() { :; }; enable_unit() { :; }';
      const put = shell(`${nothing}; put() { printf '%s %s %s' "$@"; }\n${networkScript(setup, 'node001 with osimage compute').text}`);

      assert.equal(put, setup.files.map(({ mode, path, text }) => `${mode} ${path} ${text}`).join(''));
    });
  }

  test('make an install script that is valid sh and holds the site\'s own scripts as they are', () => {
    const { text } = installScript({ ...plan, scripts: { ...plan.scripts, postscript: 'cat << EOF >> /x\n$a {}\nEOF' } }, NONCE);

    shell(text, '-n');
    assert.match(text, /\npostscript\(\) \{\ncat << EOF >> \/x\n\$a \{\}\nEOF\n:\n\}/);
    assert.match(text, /\nprescript\nsetupbmc\npartition\ndownload\nunpack\nnetwork\npostscript\nbootloader\nlocalboot\n$/);
  });
});

describe('iPXE templates', () => {
  test('refuse a word that iPXE would split, expand or act upon', () => {
    for (const word of ['a b', '', 'a${b}', '#x', '||', '&&', ';', 'a\nb', 'ä']) assert.throws(() => ipxeWord(word), { code: 'invalid' }, word);
    for (const word of ['console=ttyS0,115200n8', 'a#b', 'a;b', '$x', "it's"]) assert.equal(ipxeWord(word), word);
  });

  test('show a message without acting on it', () => {
    assert.equal(ipxeText('no ${net0/mac} || reboot # now\n; x').text, 'no $ {net0/mac} "||" reboot "#" now ";" x');
  });

  test('refuse kernel options that would be expanded', () => {
    const boot = { kernel: 'k', initramfs: ['i'], args: ['initrd=i', 'x=${net0/mac}'] };
    assert.throws(() => kernelIpxe('t', 'http://x', boot, 'http://x'), { code: 'invalid' });
  });

  test('name every label they go to', () => {
    for (const { text } of [menuIpxe('http://x', ['node001', 'node002']), kernelIpxe('t', 'http://x', { kernel: 'k', initramfs: ['i'], args: [] }, 'http://x')]) {
      const labels = new Set([...text.matchAll(/^:(\S+)$/gm)].map((match) => match[1]));
      const targets = [...text.matchAll(/goto (\w+)/g), ...text.matchAll(/^item --key . (\w+) /gm)].map((match) => match[1]).filter((label) => label !== 'luna');
      assert.deepEqual(targets.filter((label) => !labels.has(label)), []);
    }
  });

  test('join lists by lines and leave nothing for null', () => { assert.equal(ipxe`a${null}\n${['b', 'c'].map((word) => ipxe`x ${word}`)}`.text, 'a\nx b\nx c'); });
});
