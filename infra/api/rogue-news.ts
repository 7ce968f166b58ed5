import type { RogueEvent, RogueView } from '../../domain/rogue-server.ts';

/** Tells, whenever it is called, which foreign DHCP servers came and went since the last time; at first all that are there. */
export function rogueNews(read: () => Promise<readonly RogueView[]>): () => Promise<RogueEvent[]> {
  let told = new Map<string, RogueView>();
  return async () => {
    const there = new Map((await read()).map((one) => [`${one.network}/${one.server}`, one]));
    const event = (present: boolean) => (one: RogueView): RogueEvent => ({ at: new Date().toISOString(), present, ...one });
    const come = [...there].filter(([id]) => !told.has(id)).map(([, one]) => event(true)(one));
    const gone = [...told].filter(([id]) => !there.has(id)).map(([, one]) => event(false)(one));
    told = there;
    return [...come, ...gone];
  };
}
