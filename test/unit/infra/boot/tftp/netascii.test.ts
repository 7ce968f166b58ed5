import assert from 'node:assert/strict';
import { it } from 'node:test';
import { netascii } from '../../../../../infra/boot/tftp/netascii.ts';

for (const [name, file, sent] of [['a line end', 'one\ntwo\n', 'one\r\ntwo\r\n'], ['a CR of its own', 'a\rb', 'a\r\0b'], ['both', '\r\n', '\r\0\r\n'], ['nothing', '', '']] as const) {
  it(`netascii writes ${name} as RFC 764 wants`, () => assert.equal(Buffer.from(netascii(Buffer.from(file))).toString(), sent));
}
