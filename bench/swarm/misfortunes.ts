import type { Place } from './clients.ts';
import type { Incident, SwarmRun } from './run.ts';

/** Something that goes wrong in a swarm of so many machines, and which of them it befalls. */
export interface Misfortune extends Pick<SwarmRun, 'incidents' | 'late' | 'instead'> { name: string }

type Harm = 'poison' | 'subtle' | 'lie';

/** Where in the numbers of the machines the victims are: at the front, where places near the server are, and further back. */
const VICTIMS = [0.1, 0.4, 0.7];

/** How far the transfer is when it happens, as a share of the ideal time. */
const MIDDLE = 0.4;

const CUT_SECONDS = 10;

/** Everything that is tried, for swarms of this size. `ideal` in seconds, `pieceLength` in bytes. */
export function misfortunes(machines: number, mbit: number, ideal: number, pieceLength: number): Misfortune[] {
  const victims = [...new Set(VICTIMS.map((share) => 1 + Math.floor(share * machines)))];
  const middle = MIDDLE * ideal;
  const at = (seconds: number, act: Incident['act']): Incident => ({ at: seconds, act });
  const hostile = (harm: Harm) => (place: Place): string[] => [
    process.execPath, `${import.meta.dirname}/hostile.ts`, place.address, place.server, place.folder, place.infoHash, String(pieceLength), harm,
  ];
  const half = Array.from({ length: Math.floor(machines / 2) }, (_, i) => machines - i);
  const late = Math.max(1, Math.round(machines * 10 / 36));
  const restarted = (which: 'tracker' | 'seeder'): Misfortune => ({
    name: `${which} killed and restarted`,
    incidents: [at(middle, ({ controller, note }) => { controller.restart(which); note(`at ${middle.toFixed(1)} s`); })],
  });
  return [
    { name: 'nothing' },
    {
      // The cable goes first: no program says good-bye when the power is cut.
      name: `${victims.length} killed`,
      incidents: [at(middle, ({ world, lost, note }) => {
        for (const one of victims) { world.network.plug(one, false); world.signal(one, 'SIGKILL'); lost.add(one); }
        note(addresses(victims, world.network.address));
      })],
    },
    {
      name: `${victims.length} frozen`,
      incidents: [at(middle, ({ world, lost, note }) => {
        for (const one of victims) { world.signal(one, 'SIGSTOP'); lost.add(one); }
        note(addresses(victims, world.network.address));
      })],
    },
    { name: 'one poisons every block', instead: { [victims[0] ?? 1]: hostile('poison') } },
    { name: 'one poisons a piece in 16', instead: { [victims[0] ?? 1]: hostile('subtle') } },
    { name: 'one lies: has all, sends nothing', instead: { [victims[0] ?? 1]: hostile('lie') } },
    {
      name: 'one at a tenth of its rate',
      incidents: [at(0.4, ({ world, lost, note }) => {
        const one = victims[1] ?? 1;
        world.network.throttle(one, mbit / 10);
        lost.add(one);
        note(addresses([one], world.network.address));
      })],
    },
    { name: `${late} join late`, late: Object.fromEntries(Array.from({ length: late }, (_, i) => [machines - i, middle + i * 0.2])) },
    restarted('seeder'), restarted('tracker'),
    {
      name: `network cut in two for ${CUT_SECONDS} s`,
      incidents: [
        at(middle, ({ world }) => { world.network.part(half, true); }),
        at(middle + CUT_SECONDS, ({ world, note }) => { world.network.part(half, false); note(`${half.length} machines were without the server from ${middle.toFixed(1)} s on`); }),
      ],
    },
  ];
}

function addresses(numbers: readonly number[], address: (number: number) => string): string {
  return numbers.map(address).join(', ');
}
