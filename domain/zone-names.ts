/** How a group's interface is named: `in` its networks, what is put behind the node's name, and whether the bare name means it as well. */
export interface InterfaceNames {
  id: string;
  network: string | null;
  network6: string | null;
  in: ReadonlyMap<string, { suffix: string; bare: boolean }>;
}

/** What of an interface decides its names. */
interface Named { id: string; name: string; network: string | null; network6: string | null }

/**
 * Several interfaces of a group in one network are told apart by `-<interface>`, in lower case unless that would make two
 * of them alike (luna-1 §5.1); the bare name stays with the first of them.
 */
export function namesOfInterfaces(interfaces: readonly Named[]): InterfaceNames[] {
  return interfaces.map(({ id, name, network, network6 }) => {
    const names = new Map<string, { suffix: string; bare: boolean }>();
    if (network !== null) names.set(network, nameIn(interfaces.filter((other) => other.network === network), id, name));
    if (network6 !== null) names.set(network6, nameIn(interfaces.filter((other) => other.network6 === network6), id, name));
    return { id, network, network6, in: names };
  });
}

function nameIn(together: readonly Named[], id: string, name: string): { suffix: string; bare: boolean } {
  if (together.length === 1) return { suffix: '', bare: false };
  const alike = together.filter((other) => other.name.toLowerCase() === name.toLowerCase()).length > 1;
  const label = (alike ? name : name.toLowerCase()).replace(/[^A-Za-z0-9]+/g, '-');
  return { suffix: `-${label}`, bare: together[0]?.id === id };
}
