import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of an agent, as the server saw it. `path` without the query, `form` of a POST or of the query. */
export interface AgentCall { at: number; method: string; path: string; nonce: string; form: Record<string, string> }

/** A packed tree; with its torrent, and with its manifest, where the agent is to use those. */
export interface ServedTree {
  path: string;
  sha256: string;
  unpacked: number;
  /** Its .torrent with these URLs in it. */
  torrent?: (where: { announce: string; urlList: readonly string[] }) => Buffer;
  manifest?: { text: Buffer; signature: Buffer };
}

/** What one machine is told to do; a stand-in for the boot HTTP that needs no store and no Temporal. */
export interface AgentServerOptions {
  nonce: string;
  stages: readonly string[];
  /** Lines of `/node/plan` without the tree's. */
  plan: Record<string, string>;
  scripts: Record<string, string>;
  /** What `/node/network` answers. */
  networks?: string;
  bmcPassword?: string;
  /** The packed tree, its torrent, and how many bytes it unpacks to. */
  tree?: ServedTree;
  /** Compact peers the tracker answers with: `10.0.2.2:6881`. */
  peers?: readonly string[];
  /** The address the agent calls; `http://10.0.2.2:PORT` from a machine with user-mode networking. */
  urlFor?: (port: number) => string;
  host?: string;
  port?: number;
  /** Called with each call after it was answered. */
  onCall?: (call: AgentCall) => void;
}

/** A running stand-in. Change `stages`, `scripts` or `stop` a stage while the agent runs. */
export interface AgentServer {
  port: number;
  calls: AgentCall[];
  /** Stages still to be ordered. */
  stages: string[];
  scripts: Record<string, string>;
  attempts: Map<string, number>;
  /** True: the next heartbeat is answered by abort. */
  abort: boolean;
  /** True: everything is answered by 503, as if the controller were down. */
  down: boolean;
  /** Resolves with the first call that fits, past or to come. */
  until(fits: (call: AgentCall) => boolean, deadlineMs: number): Promise<AgentCall>;
  close(): Promise<void>;
}

/** Starts the stand-in on loopback. Failed stages are ordered again only when they are put back into `stages`. */
export async function startAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const waiting = new Set<() => void>();
  const server: Server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  const self: AgentServer = {
    port: 0,
    calls: [],
    stages: [...options.stages],
    scripts: { ...options.scripts },
    attempts: new Map(),
    abort: false,
    down: false,
    async until(fits, deadlineMs) {
      const deadline = Date.now() + deadlineMs;
      for (;;) {
        const found = self.calls.find(fits);
        if (found) return found;
        const left = deadline - Date.now();
        if (left <= 0) throw new Error(`the agent did not do it within ${deadlineMs} ms; its calls: ${self.calls.map((c) => c.path).join(' ')}`);
        await new Promise<void>((resolve) => {
          waiting.add(resolve);
          setTimeout(resolve, left).unref();
        });
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://agent');
    const call: AgentCall = {
      at: Date.now(),
      method: request.method ?? '',
      path: url.pathname,
      nonce: String(request.headers['x-luna-nonce'] ?? url.searchParams.get('nonce') ?? ''),
      form: Object.fromEntries(request.method === 'POST' ? new URLSearchParams(await body(request)) : url.searchParams),
    };
    if (self.down) return reply(response, 503, 'down');
    if (call.nonce !== options.nonce) return reply(response, 403, 'reason=this boot is not known');
    if (url.pathname.endsWith('.tar.zst') && options.tree) sendFile(request, response, options.tree.path);
    else if (url.pathname.endsWith('.torrent') && options.tree?.torrent) response.end(torrentFor(options.tree.torrent, url.searchParams));
    else if (url.pathname === '/manifest/art1' && options.tree?.manifest) response.end(options.tree.manifest.text);
    else if (url.pathname === '/manifest/art1.sig' && options.tree?.manifest) response.end(options.tree.manifest.signature);
    else if (url.pathname === '/announce') response.end(trackerAnswer(options.peers ?? []));
    else reply(response, 200, nodeAnswer(call));
    self.calls.push(call);
    for (const wake of waiting) wake();
    waiting.clear();
    options.onCall?.(call);
  }

  function nodeAnswer(call: AgentCall): string {
    switch (call.path) {
      case '/node/hello': return `time=${Math.floor(Date.now() / 1000)}\n`;
      case '/node/next': return nextOrder();
      case '/node/plan': return planText();
      case '/node/network': return options.networks ?? '';
      case '/node/bmc': return `LUNA_BMC_PASSWORD=${quoted(options.bmcPassword ?? '')}\n`;
      case '/node/progress': {
        const abort = self.abort;
        self.abort = false;
        return `action=${abort ? 'abort' : 'go'}\n`;
      }
      default: return call.path.startsWith('/node/script/') ? (self.scripts[call.path.slice('/node/script/'.length)] ?? '') : 'action=go\n';
    }
  }

  function nextOrder(): string {
    const stage = self.stages.shift();
    if (stage === undefined) return 'action=wait\n';
    if (stage === 'continue' || stage === 'abort') return `action=${stage}\nreason=told so\n`;
    const attempt = (self.attempts.get(stage) ?? 0) + 1;
    self.attempts.set(stage, attempt);
    return `action=run\nstage=${stage}\nattempt=${attempt}\n`;
  }

  function torrentFor(torrent: NonNullable<ServedTree['torrent']>, asked: URLSearchParams): Buffer {
    const seed = `${base()}/torrents/${options.tree?.sha256 ?? ''}.tar.zst?nonce=${options.nonce}`;
    return torrent({ announce: `${base()}/announce?nonce=${options.nonce}`, urlList: asked.get('webseed') === '1' ? [seed] : [] });
  }

  const base = () => options.urlFor?.(self.port) ?? `http://127.0.0.1:${self.port}`;

  function planText(): string {
    const tree = options.tree && {
      LUNA_MANIFEST_URL: options.tree.manifest ? `${base()}/manifest/art1?nonce=${options.nonce}` : '',
      LUNA_MANIFEST_SIG_URL: options.tree.manifest ? `${base()}/manifest/art1.sig?nonce=${options.nonce}` : '',
      LUNA_TREE_SHA256: options.tree.sha256,
      LUNA_TREE_SIZE: String(statSync(options.tree.path).size),
      LUNA_TREE_UNPACKED: String(options.tree.unpacked),
      LUNA_TREE_TORRENT_URL: `${base()}/torrents/${options.tree.sha256}.torrent?nonce=${options.nonce}`,
      LUNA_TREE_URL: `${base()}/torrents/${options.tree.sha256}.tar.zst?nonce=${options.nonce}`,
    };
    return Object.entries({ ...options.plan, ...tree }).map(([name, text]) => `${name}=${quoted(text)}\n`).join('');
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve));
  self.port = (server.address() as AddressInfo).port;
  return self;
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.end(text);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function sendFile(request: IncomingMessage, response: ServerResponse, path: string): void {
  const size = statSync(path).size;
  const range = /^bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
  const [start, end] = [Number(range?.[1] ?? 0), Math.min(Number(range?.[2] || size - 1), size - 1)];
  if (start >= size) return reply(response, 416, '');
  response.writeHead(range ? 206 : 200, { 'content-length': end - start + 1, 'content-range': `bytes ${start}-${end}/${size}` });
  createReadStream(path, { start, end }).pipe(response);
}

function trackerAnswer(peers: readonly string[]): Buffer {
  const compact = Buffer.concat(peers.map((peer) => {
    const [address = '', port = ''] = peer.split(':');
    return Buffer.from([...address.split('.').map(Number), Number(port) >> 8, Number(port) & 255]);
  }));
  return Buffer.concat([Buffer.from(`d8:intervali10e5:peers${compact.length}:`), compact, Buffer.from('e')]);
}

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
