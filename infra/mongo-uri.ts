import { existsSync } from 'node:fs';

/**
 * Makes a connection string of Luna 1's `[MongoDB]` section (keys in lower case): `replicaset`, `server` (default
 * localhost; several by commas), `authdb`, `user`, `password`, `ssl` (Enabled), `cacert`. The result holds the password.
 */
export function mongoUri(section: ReadonlyMap<string, string>, mistakes: string[]): string {
  const user = section.get('user');
  const password = section.get('password');
  if (password && !user) mistakes.push('luna.conf [MongoDB] password: needs a user beside it');
  const ca = section.get('cacert');
  if (ca && !existsSync(ca)) mistakes.push(`luna.conf [MongoDB] CAcert = ${ca}: there is no such file`);
  const login = user ? `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ''}@` : '';
  const options = new URLSearchParams();
  const replicaSet = section.get('replicaset');
  const authDatabase = section.get('authdb');
  if (replicaSet) options.set('replicaSet', replicaSet);
  if (user && authDatabase) options.set('authSource', authDatabase);
  if (/^enabled$/i.test(section.get('ssl') ?? '')) options.set('tls', 'true');
  if (ca) options.set('tlsCAFile', ca);
  const query = options.size > 0 ? `?${options.toString()}` : '';
  return `mongodb://${login}${section.get('server') || 'localhost'}/${query}`;
}
