import { formatIpv4 } from '../../../domain/ip.ts';
import { createLimiter } from '../limiter.ts';
import { createBootPaths } from './boot-paths.ts';
import { type Client, identify } from './client.ts';
import type { DhcpDeps, Lookup } from './deps.ts';
import type { Facts } from './facts.ts';
import { createGather } from './gather.ts';
import { createJournal } from './journal.ts';
import { createLedger } from './ledger.ts';
import { message, option, readAddress, readByte } from './options.ts';
import type { DhcpPacket } from './format.ts';
import { decode } from './packet.ts';
import type { Pools } from './pools.ts';
import { type Exchanged, glimpseOf, kindOf, recordOf } from './record.ts';
import { type RelayInformation, relayInformation } from './relay.ts';
import { decideProxy, takesBootFile } from './proxy.ts';
import { decide, type Decision } from './reply.ts';
import { isProbe } from './rogue-probe.ts';
import { networkFor, type Served } from './served.ts';
import { logDecision } from './tell.ts';
import { createAskWho } from './unknown.ts';
import { type Outgoing, outgoing } from './outgoing.ts';

/**
 * Answers one datagram that came by a device by which `heard` are heard; null = nothing to send. A promise only when something is to be
 * waited for: the disk, or a switch. `bootServer`: who asked at the port of boot servers. Throws or rejects with MalformedPacket.
 */
export type Exchange = (data: Uint8Array, heard: readonly Served[], bootServer?: Omit<Outgoing, 'data'>) => Answer | Promise<Answer>;
type Answer = Outgoing | null;

/** A client repeats itself once in seconds; one that does so more often gets nothing for it. */
const perClient = { rate: 10, burst: 40, clients: 20_000 };
/** Unknown machines and relays of networks that nobody declared are named in the log once a minute each. */
const onceAMinute = { rate: 1 / 60, burst: 1, clients: 4096 };
/** All of them together: each line is written at once, and a boot storm of unknown machines must not wait for a log. */
const namedInAll = { rate: 10, burst: 100, clients: 1 };

/** One message that is to be answered, with all that is known before anybody is asked. */
interface Asked {
  readonly at: number;
  /** When it was heard, by the clock that measures durations; the other one has whole milliseconds. */
  readonly heardAt: number;
  readonly request: DhcpPacket;
  readonly kind: string;
  readonly client: Client;
  readonly relay: RelayInformation;
  readonly served: Served;
  readonly heard: readonly Served[];
  readonly discover: boolean;
  readonly bootServer: Omit<Outgoing, 'data'> | undefined;
}

/** Everything between two datagrams: facts are gathered, the decision is made, noted, journalled, and only then handed out. */
export function createExchange(deps: DhcpDeps, pools: Pools): Exchange {
  const { log, meter } = deps;
  const now = deps.now ?? Date.now;
  const steady = { now: () => performance.now() };
  const mayAsk = createLimiter({ ...perClient, ...steady });
  const mayNameRelay = createLimiter({ ...onceAMinute, ...steady });
  const mayBeNamed = createLimiter({ ...onceAMinute, ...steady });
  const mayNameMore = createLimiter({ ...namedInAll, ...steady });
  const note = createLedger(pools, createJournal((leases) => deps.appendLeases(leases)), log);
  const askWho = createAskWho((mac, networkId, deadlineMs) => deps.resolveUnknown(mac, networkId, deadlineMs), log);
  const paths = deps.paths ?? createBootPaths();
  const gather = createGather({ ...deps, paths }, pools);

  function placeOf(request: DhcpPacket, client: Client, relay: RelayInformation, heard: readonly Served[]): Served | null {
    return networkFor(heard, {
      link: relay.link ?? readAddress(request.options, option.subnetSelection),
      giaddr: request.giaddr,
      ciaddr: request.ciaddr,
      requested: readAddress(request.options, option.requestedAddress) ?? 0,
      isAtHome: (networkId) => deps.lookup(client.mac, networkId).kind === 'reserved' || (pools.of(networkId)?.bound(client.mac) ?? null) !== null,
    });
  }

  function nowhere(request: DhcpPacket, client: Client): null {
    meter.packet(kindOf(request), 'no_network');
    const relay = formatIpv4(request.giaddr);
    if (mayNameRelay(relay)) log.warn('dhcp.no-network', { mac: client.mac, relay, reason: 'no provisioned network holds the address of the relay', next: 'luna network list' });
    return null;
  }

  /** Behind a relay it may be the relay that is named (RFC 5107), and beside another server it is no news. */
  function tellOfOtherServer({ options }: DhcpPacket, { mac }: Client, { device, networkId, server, relayed, proxy }: Served): void {
    if (relayed || proxy || readByte(options, option.messageType) !== message.request) return;
    const named = readAddress(options, option.serverId);
    if (named !== null && named !== server) deps.otherServerChosen?.(device, networkId, formatIpv4(named), mac);
  }

  /** Whether somebody else may tell who an unknown machine is. */
  function canBeFound(client: Client, served: Served): boolean {
    if (mayBeNamed(client.mac) && mayNameMore('')) log.info('dhcp.discovered', { mac: client.mac, class: client.class, network: served.networkId });
    return client.class !== 'other' && deps.canBeFound?.() !== false;
  }

  /** Who a machine is; null when a later DISCOVER of it is answered instead. */
  async function found(client: Client, served: Served): Promise<Lookup | null> {
    const answer = await askWho(client.mac, served.networkId);
    return answer === null || answer.kind === 'reserved' ? answer : deps.lookup(client.mac, served.networkId);
  }

  function decisionOf(request: DhcpPacket, facts: Facts, served: Served, known: boolean, asBootServer: boolean): Decision {
    if (!known && served.ignoreUnknown) return { kind: 'silence', why: 'an unknown machine, and the network ignores these', packet: null };
    return served.proxy ? decideProxy(request, facts, asBootServer) : decide(request, facts);
  }

  function tell(exchanged: Exchanged): void {
    if (deps.glimpsed === undefined) deps.seen(recordOf(exchanged));
    else deps.glimpsed(glimpseOf(exchanged), () => recordOf(exchanged));
  }

  /** Decides, and answers once everything that the answer promises is noted. */
  function answered(asked: Asked, lookup: Lookup): Answer | Promise<Answer> {
    const { at, heardAt, request, kind, client, relay, served, heard, discover, bootServer } = asked;
    const reserved = lookup.kind === 'reserved';
    const facts = gather({ client, discover, served, heard, relay, lookup });
    const decision = decisionOf(request, facts, served, reserved, bootServer !== undefined);
    if (decision.kind === 'ack' || (served.proxy && takesBootFile(request))) paths.given(client, facts.bootFile);
    const { networkId } = served;
    const finish = (): Answer => {
      logDecision(log, decision, client, served, lookup);
      meter.packet(kind, decision.kind);
      meter.took(kind, (steady.now() - heardAt) / 1000);
      tell({ at, request, client, networkId, lookup, relay, decision, boot: { bootPath: facts.bootPath, bootWhy: facts.bootWhy, proxy: served.proxy } });
      if (decision.packet === null) return null;
      const reply = outgoing(decision.packet, request, served);
      // Who asks at the boot server's port hears where it asked from.
      return bootServer === undefined ? reply : { ...reply, ...bootServer };
    };
    const noted = note({ decision, request, mac: client.mac, networkId, reserved, at, leaseSeconds: facts.leaseSeconds });
    return noted === undefined ? finish() : noted.then(finish);
  }

  return (data, heard, bootServer) => {
    const [at, heardAt] = [now(), steady.now()];
    const request = decode(data);
    const client = identify(request);
    if (request.op !== 1 || client === null) {
      meter.packet('foreign', 'silence');
      return null;
    }
    if (isProbe(request)) {
      meter.packet('probe', 'silence');
      return null;
    }
    const kind = kindOf(request);
    if (!mayAsk(client.mac)) {
      meter.packet(kind, 'limited');
      return null;
    }
    const relay = relayInformation(request.options);
    const served = placeOf(request, client, relay, heard);
    if (served === null) return nowhere(request, client);
    tellOfOtherServer(request, client, served);
    const lookup = deps.lookup(client.mac, served.networkId);
    const discover = readByte(request.options, option.messageType) === message.discover;
    const asked = { at, heardAt, request, kind, client, relay, served, heard, discover, bootServer };
    if (!discover || lookup.kind === 'reserved' || !canBeFound(client, served)) return answered(asked, lookup);
    return found(client, served).then((answer) => {
      if (answer !== null) return answered(asked, answer);
      meter.packet(kind, 'repeated');
      return null;
    });
  };
}
