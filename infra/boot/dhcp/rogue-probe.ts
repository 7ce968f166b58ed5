import { macBytes, parseMac } from '../../../domain/mac.ts';
import { broadcastFlag, type DhcpPacket } from './format.ts';
import { message, option, text, byte } from './options.ts';
import { encode } from './encode.ts';

/** Made up once, locally administered (IEEE 802 §8.4): no card has it, and a foreign server holds one offer for all probes. */
const mac = macBytes(parseMac('d2:6b:1f:83:c4:5e'));
/** Type 0 of RFC 2132 §9.14: not an address. By this a luna knows a luna's question. */
const mark = Uint8Array.of(0, ...text('luna looks for other DHCP servers'));
/** Servers that leave the first answer to another (`min-secs`) answer one that has waited. */
const waited = 30;

/** A DISCOVER as a PXE ROM on UEFI sends it, answered by broadcast. */
export function probe(xid: number): Uint8Array {
  const chaddr = new Uint8Array(16);
  chaddr.set(mac);
  return encode({
    op: 1, htype: 1, hlen: 6, hops: 0, xid, secs: waited, flags: broadcastFlag, ciaddr: 0, yiaddr: 0, siaddr: 0, giaddr: 0, chaddr, sname: '', file: '',
    options: new Map([
      [option.messageType, byte(message.discover)],
      [option.maximumSize, Uint8Array.of(5, 192)], // 1472
      [option.parameterList, Uint8Array.of(option.subnetMask, option.router, option.dns, option.serverId, option.vendorClass, option.tftpServer, option.bootFile, option.vendorSpecific)],
      [option.clientUuid, Uint8Array.of(0, ...mark.subarray(1, 17))],
      [option.clientArch, Uint8Array.of(0, 7)],
      [option.clientInterface, Uint8Array.of(1, 3, 16)],
      [option.vendorClass, text('PXEClient:Arch:00007:UNDI:003016')],
      [option.clientId, mark],
    ]),
  });
}

/** Whether a luna asked: such a question is answered by none. */
export function isProbe({ options }: Pick<DhcpPacket, 'options'>): boolean {
  const said = options.get(option.clientId);
  return said?.length === mark.length && said.every((value, at) => value === mark[at]);
}
