import { type ListenOptions, type NetConnectOpts, type Server, type Socket, connect, createServer } from 'node:net';

/**
 * Listens at one place and joins every connection to another. Used in pairs: TCP → unix socket on the host, unix socket →
 * TCP in the namespace, because unix sockets live in the file system, which both share.
 * @returns the server, listening; it closes with its connections by `stopForward`.
 */
export async function forward(listen: ListenOptions, target: NetConnectOpts): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...target, allowHalfOpen: true });
    join(near, far);
    join(far, near);
  });
  const { promise, resolve, reject } = Promise.withResolvers<Server>();
  server.once('error', reject);
  server.listen(listen, () => resolve(server));
  return promise;
}

function join(from: Socket, to: Socket): void {
  from.pipe(to);
  // Either end's failure ends both; the reason (nobody listens yet, gone) is the client's to see.
  from.on('error', () => to.destroy());
  from.on('close', () => {
    if (from.errored) to.destroy();
  });
}
