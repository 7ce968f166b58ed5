import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dracutArguments } from '../../../../infra/image/initramfs.ts';
import { nodeTools } from '../../../../infra/image/node-tools.ts';
import { familyFrom } from '../../../../infra/image/os-family.ts';

describe("dracut's arguments", () => {
  it("names luna's module once, however often the osimage does", () => {
    const args = dracutArguments({ dracutmodules: 'luna', kernmodules: '' });
    assert.deepEqual(args, ['--modules', 'base udev-rules luna']);
  });

  it('adds and omits modules and drivers as the osimage says', () => {
    const args = dracutArguments({ dracutmodules: 'luna, nfs,aria2,-i18n', kernmodules: 'mpt3sas,-nouveau,-floppy' });
    assert.deepEqual(args.slice(2), ['--add', 'nfs', '--omit', 'i18n', '--add-drivers', 'mpt3sas', '--omit-drivers', 'nouveau floppy']);
  });
});

describe("the node's tools", () => {
  it('are listed once each', () => {
    const all = [...nodeTools('first'), ...nodeTools('required'), ...nodeTools('optional')];
    assert.deepEqual(all.filter((tool, i) => all.indexOf(tool) !== i), []);
    assert.ok(all.includes('curl') && all.includes('cpio'));
  });
});

describe('the family of an operating system', () => {
  for (const [text, family] of [
    ['ID=debian\nVERSION_ID="12"\n', 'debian'],
    ['ID=ubuntu\nID_LIKE=debian\n', 'debian'],
    ['NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\n', 'redhat'],
    ['ID=fedora\n', 'redhat'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', 'suse'],
    ['ID=alpine\n', 'alpine'],
    ['', 'linux'],
  ] as const) {
    it(`is ${family} by ${JSON.stringify(text)}`, () => {
      assert.equal(familyFrom(text), family);
    });
  }
});
