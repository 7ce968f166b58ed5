import { ROGUE_FORGOTTEN_MS, rogueAdvice, type RogueServer, rogueText, rogueViews } from '../../../domain/rogue-server.ts';
import type { RogueDeps, RogueSign } from './rogue-deps.ts';

/** Anybody may name any server: beyond so many further ones are only counted. */
const REMEMBERED = 64;

/** The foreign servers of now. */
export interface RogueLedger {
  /** One was heard of. Never throws; it is kept with {@link settle}. */
  note(sign: RogueSign): void;
  /** Keeps what was noted and forgets who has not been seen for minutes. */
  settle(): Promise<void>;
  count(): number;
}

/** A line of log for each that comes and each that goes; between these only the time moves on. */
export function createRogueLedger(deps: RogueDeps, kept: readonly RogueServer[]): RogueLedger {
  const { log, meter } = deps;
  const now = deps.now ?? Date.now;
  const known = new Map(kept.map((rogue) => [rogue._id, rogue]));
  const unkept = new Set<string>();

  function tell(rogue: RogueServer): void {
    const [view] = rogueViews([rogue], deps.nameOf, now());
    if (view === undefined) return;
    log.warn('dhcp.rogue', { ...view, reason: rogueText(view), next: rogueAdvice(view) });
  }

  async function keep(id: string): Promise<void> {
    const rogue = known.get(id);
    if (rogue === undefined) return;
    unkept.delete(id);
    await deps.keep(rogue).catch((error: unknown) => {
      unkept.add(id);
      log.warn('dhcp.rogue_not_kept', { server: rogue.server, reason: error instanceof Error ? error.message : String(error) });
    });
  }

  async function forget(rogue: RogueServer): Promise<void> {
    await deps.forget(rogue._id);
    known.delete(rogue._id);
    unkept.delete(rogue._id);
    log.info('dhcp.rogue_gone', { server: rogue.server, mac: rogue.mac, device: rogue.device, lastSeen: rogue.lastSeen });
  }

  return {
    note(sign) {
      const _id = `${sign.networkId}/${sign.server}`;
      const before = known.get(_id);
      meter.packet(sign.sign, before === undefined ? 'new_server' : 'known_server');
      if (before === undefined && known.size >= REMEMBERED) return;
      const at = new Date(now()).toISOString();
      // An answer says more than a machine that took an address.
      const told = before?.sign === 'answer' && sign.sign === 'request' ? before : sign;
      const rogue = { ...told, mac: told.mac ?? before?.mac ?? null, _id, firstSeen: before?.firstSeen ?? at, lastSeen: at };
      known.set(_id, rogue);
      unkept.add(_id);
      if (before === undefined) tell(rogue);
    },
    async settle() {
      for (const rogue of [...known.values()]) {
        if (now() - Date.parse(rogue.lastSeen) >= ROGUE_FORGOTTEN_MS) await forget(rogue);
      }
      for (const id of [...unkept]) await keep(id);
    },
    count: () => known.size,
  };
}
