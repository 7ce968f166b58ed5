import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { MalformedPacket } from '../malformed-packet.ts';
import { encodeMessage } from './message.ts';
import { FLAG, RCODE } from './numbers.ts';
import type { Question } from './packet.ts';
import { decodeResponse, type Response } from './response.ts';

/** What another server is asked. */
export interface UpstreamQuestion {
  question: Question;
  wantsDnssec: boolean;
  /** The client proves records by itself. */
  checkingDisabled: boolean;
}

const PORT = 53;
/** How long one server may take by each of its ways. */
const PATIENCE_MS = 1200;

/** Asks one server, by TCP where its answer does not fit into a datagram. Rejects when it does not answer in time. */
export async function askServer(server: string, asked: UpstreamQuestion): Promise<Response> {
  // The port of a new socket and the number are both hard to guess: whoever would answer in the server's place has to (RFC 5452 §9).
  const id = randomInt(0x10000);
  const bytes = encodeMessage({
    id, flags: FLAG.RD | (asked.checkingDisabled ? FLAG.CD : 0), rcode: RCODE.NOERROR, question: asked.question,
    answer: [], authority: [], additional: [], edns: { wantsDnssec: asked.wantsDnssec },
  }, 0xffff);
  const fits = (data: Uint8Array): Response | null => {
    const response = decodeResponse(data);
    const { key, type } = asked.question;
    return response.id === id && response.question.key === key && response.question.type === type ? response : null;
  };
  const response = await byUdp(server, bytes, fits);
  return response.truncated ? byTcp(server, bytes, fits) : response;
}

type Fits = (data: Uint8Array) => Response | null;

function byUdp(server: string, bytes: Uint8Array, fits: Fits): Promise<Response> {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket(isIPv6(server) ? 'udp6' : 'udp4');
    const timer = setTimeout(() => { end(() => { reject(new Error(`${server} does not answer`)); }); }, PATIENCE_MS);
    function end(tell: () => void): void {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      tell();
    }
    socket.on('error', (error) => { end(() => { reject(new Error(`${server}: ${error.message}`)); }); });
    socket.on('message', (data) => {
      const response = readable(data, fits);
      if (response !== null) end(() => { resolve(response); });
    });
    // Connected, it hears that server alone, and that its port is closed.
    socket.connect(PORT, server, () => { socket.send(bytes); });
  });
}

function byTcp(server: string, bytes: Buffer, fits: Fits): Promise<Response> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server, port: PORT });
    let heard = Buffer.alloc(0);
    const fail = (why: string): void => {
      socket.destroy();
      reject(new Error(`${server} by TCP: ${why}`));
    };
    const timer = setTimeout(() => { fail('no answer'); }, PATIENCE_MS);
    socket.on('close', () => {
      clearTimeout(timer);
      reject(new Error(`${server} by TCP: closed`));
    });
    socket.on('error', (error) => { fail(error.message); });
    socket.on('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      socket.write(Buffer.concat([length, bytes]));
    });
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length < 2 || heard.length < 2 + heard.readUInt16BE(0)) return;
      const response = readable(heard.subarray(2, 2 + heard.readUInt16BE(0)), fits);
      if (response === null) return fail('an answer to something else');
      resolve(response);
      socket.destroy();
    });
  });
}

/** What can't be read is not what was waited for. */
function readable(data: Uint8Array, fits: Fits): Response | null {
  try {
    return fits(data);
  } catch (error) {
    if (error instanceof MalformedPacket) return null;
    throw error;
  }
}
