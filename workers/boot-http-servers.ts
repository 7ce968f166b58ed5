import { type BootHttpListen, startBootHttp } from '../infra/boot/http/server.ts';
import { tlsIdentity } from '../infra/tls/identity.ts';
import type { Config } from '../infra/config.ts';

export interface HttpWiring extends Pick<BootHttpListen, 'app' | 'connections' | 'isServed' | 'meter' | 'log'> { config: Config }

/** Serves nodes by HTTP, and by HTTPS as well when the configuration asks for it. */
export async function startHttp({ config, ...service }: HttpWiring): Promise<{ addresses: string[]; stop(): Promise<void> }> {
  const plain = await startBootHttp({ ...service, port: config.httpPort });
  if (config.https === null) return { addresses: [`http://0.0.0.0:${config.httpPort}`], stop: plain.stop };
  const { port, ...files } = config.https;
  // iPXE before 2024 and some firmware know RSA alone.
  const tls = tlsIdentity({ ...files, kind: 'rsa' }, '0.0.0.0');
  const secure = await startBootHttp({ ...service, port, tls });
  service.log.info('http.secure', { port, certificate: files.certFile, fingerprint: tls.fingerprint, expires: tls.expires });
  return {
    addresses: [`http://0.0.0.0:${config.httpPort}`, `https://0.0.0.0:${port}`],
    async stop() { await Promise.all([plain.stop(), secure.stop()]); },
  };
}
