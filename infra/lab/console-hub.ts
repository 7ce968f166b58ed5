import { rmSync } from 'node:fs';
import { type ListenOptions, type Server, type Socket, createServer } from 'node:net';

/** A reader that is this far behind is cut off: a console must never wait for one who doesn't read. */
const maxBehindBytes = 1 << 20;

/** Where the ends of one machine's serial line meet. */
export type ConsoleEnds = {
  /** QEMU connects here; one at a time, the newest counts. */
  machine: ListenOptions;
  /** People and the BMC's serial over LAN connect at these; each sees everything, and what any types reaches the machine. */
  people: readonly ListenOptions[];
};

/** Joins one machine's serial line to any number of readers and writers. @returns the listening servers. */
export async function startConsoleHub(ends: ConsoleEnds): Promise<Server[]> {
  const readers = new Set<Socket>();
  let machine: Socket | null = null;
  const fromMachine = createServer((socket) => {
    machine?.destroy();
    machine = socket;
    socket.on('data', (bytes) => broadcast(readers, bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (machine === socket) machine = null;
    });
  });
  const onPerson = (socket: Socket): void => {
    readers.add(socket);
    // What is typed while the machine is off is lost, as on a real line.
    socket.on('data', (bytes) => machine?.write(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => readers.delete(socket));
  };
  const listening = [listen(fromMachine, ends.machine), ...ends.people.map((where) => listen(createServer(onPerson), where))];
  return Promise.all(listening);
}

function broadcast(readers: Set<Socket>, bytes: Buffer): void {
  for (const reader of readers) {
    if (reader.writableLength > maxBehindBytes) reader.destroy();
    else reader.write(bytes);
  }
}

async function listen(server: Server, where: ListenOptions): Promise<Server> {
  // A socket file that a crash left would make listen() fail.
  if (where.path) rmSync(where.path, { force: true });
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  server.once('error', reject);
  server.listen(where, () => resolve(server));
  return promise;
}
