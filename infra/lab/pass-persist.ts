import { type MibTable, compareOids } from './bridge-mib.ts';

/**
 * snmpd's pass_persist protocol (man snmpd.conf) as a function from one input line to the lines to answer. `table` is asked
 * for every question, so that a walk sees the world as it is.
 */
export function passPersist(table: () => MibTable): (line: string) => string[] {
  let pending: 'get' | 'getnext' | null = null;
  let ignore = 0;
  return (line) => {
    const text = line.trim();
    if (ignore > 0) {
      ignore -= 1;
      return ignore === 0 ? ['not-writable'] : [];
    }
    if (pending) {
      const question = pending;
      pending = null;
      return answer(table(), question, text.replace(/^\./, ''));
    }
    if (text === 'PING') return ['PONG'];
    if (text === 'get' || text === 'getnext') pending = text;
    // A set is followed by its OID and its value.
    if (text === 'set') ignore = 2;
    return [];
  };
}

function answer({ keys, values }: MibTable, question: 'get' | 'getnext', asked: string): string[] {
  const oid = question === 'get' ? asked : keys.find((key) => compareOids(key, asked) > 0);
  const found = oid === undefined ? undefined : values.get(oid);
  return found ? [`.${oid}`, found.type, found.value] : ['NONE'];
}
