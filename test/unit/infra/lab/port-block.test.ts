import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropPortProgram } from '../../../../infra/lab/port-block.ts';

type Instruction = [code: number, jt: number, jf: number, k: number];

/** Runs the few classic BPF instructions that the program uses, as the kernel would. */
function run(text: string, packet: Buffer): number {
  const [count, ...lines] = text.split(',');
  assert.equal(Number(count), lines.length);
  const program = lines.map((line) => line.split(' ').map(Number) as Instruction);
  let [pc, a, x] = [0, 0, 0];
  for (;;) {
    const instruction = program[pc];
    assert.ok(instruction, `jumps to ${pc}, past the end`);
    const [code, jt, jf, k] = instruction;
    pc += 1;
    if (code === 6) return k;
    else if (code === 40) a = packet.readUInt16BE(k);
    else if (code === 48) a = packet.readUInt8(k);
    else if (code === 72) a = packet.readUInt16BE(x + k);
    else if (code === 177) x = 4 * (packet.readUInt8(k) & 15);
    else if (code === 21) pc += a === k ? jt : jf;
    else if (code === 69) pc += a & k ? jt : jf;
    else assert.fail(`unknown instruction ${code}`);
  }
}

function frame({ type = 0x0800, protocol = 6, source = 40000, target = 7050, options = 0, fragment = 0 } = {}): Buffer {
  const packet = Buffer.alloc(14 + 20 + options + 20);
  packet.writeUInt16BE(type, 12);
  packet.writeUInt8(0x45 + options / 4, 14);
  packet.writeUInt16BE(fragment, 20);
  packet.writeUInt8(protocol, 23);
  packet.writeUInt16BE(source, 34 + options);
  packet.writeUInt16BE(target, 36 + options);
  return packet;
}

const drop = 2;
const pass = 0xffffffff;

for (const [what, packet, verdict] of [
  ['TCP to the port', frame({ target: 7052 }), drop],
  ['TCP from the port', frame({ source: 7052 }), drop],
  ['UDP to the port', frame({ protocol: 17, target: 7052 }), drop],
  ['TCP to the port behind IP options', frame({ target: 7052, options: 8 }), drop],
  ['TCP to another port', frame(), pass],
  ['ICMP', frame({ protocol: 1, target: 7052 }), pass],
  ['IPv6', frame({ type: 0x86dd, target: 7052 }), pass],
  ['a later fragment', frame({ target: 7052, fragment: 100 }), pass],
] as const) {
  test(`${verdict === drop ? 'drops' : 'passes'} ${what}`, () => assert.equal(run(dropPortProgram(7052), packet), verdict));
}
