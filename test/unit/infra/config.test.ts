import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ConfigError, loadConfig } from '../../../infra/config.ts';

const bare = { LUNA_CONF: '/dev/null' };

function confFile(t: TestContext, text: string): { LUNA_CONF: string } {
  const folder = mkdtempSync(join(tmpdir(), 'luna-conf-'));
  t.after(() => { rmSync(folder, { recursive: true }); });
  writeFileSync(join(folder, 'luna.conf'), text);
  return { LUNA_CONF: join(folder, 'luna.conf') };
}

function mistakesOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.mistakes;
  }
  return [];
}

test('needs nothing: everything is below /var/lib/luna and on this machine', () => {
  const config = loadConfig(bare);

  assert.equal(config.apiSocket, '/var/lib/luna/run/api.sock');
  assert.deepEqual(config.api, { host: '127.0.0.1', port: 7051 });
  assert.equal(config.tftpSinglePort, false);
  assert.deepEqual([config.httpPort, config.dhcpPort, config.tftpPort, config.dnsPort, config.seederPort], [7050, 67, 69, 53, 7052]);
  assert.deepEqual(config.temporal, { address: '127.0.0.1:7233', namespace: 'default', external: false, uiPort: 8233 });
  assert.deepEqual(config.mongo, { uri: 'mongodb://127.0.0.1:27017/?directConnection=true', database: 'luna', external: false });
});

test('leaves the names to other software when it is told to', () => {
  assert.equal(loadConfig({ ...bare, LUNA_DNS_PORT: 'off' }).dnsPort, null);
});

test('uses the engines whose addresses it is given', () => {
  const config = loadConfig({ ...bare, LUNA_TEMPORAL_ADDRESS: 'temporal.site:7233', LUNA_MONGODB_URI: 'mongodb://db1,db2/?replicaSet=luna' });

  assert.deepEqual([config.temporal.address, config.temporal.external], ['temporal.site:7233', true]);
  assert.deepEqual([config.mongo.uri, config.mongo.external], ['mongodb://db1,db2/?replicaSet=luna', true]);
});

test("reads Luna 1's /etc/luna.conf", (t) => {
  const env = confFile(t, `
# the replica set of both controllers
[MongoDB]
replicaset=luna
server = master1,master2
authdb=luna
user: luna
password=s3cret/with@odd:signs
SSL=Enabled
CAcert=/dev/null
[Temporal]
address = temporal:7233
namespace = luna
`);

  const config = loadConfig(env);

  assert.equal(config.mongo.uri, 'mongodb://luna:s3cret%2Fwith%40odd%3Asigns@master1,master2/?replicaSet=luna&authSource=luna&tls=true&tlsCAFile=%2Fdev%2Fnull');
  assert.deepEqual([config.temporal.address, config.temporal.namespace, config.temporal.external], ['temporal:7233', 'luna', true]);
});

test('lets the environment win over the file', (t) => {
  const env = confFile(t, '[Temporal]\naddress = file:7233\n');

  assert.equal(loadConfig({ ...env, LUNA_TEMPORAL_ADDRESS: 'environment:7233' }).temporal.address, 'environment:7233');
});

test('serves HTTPS to nodes when it is asked to, by a certificate of its own or one that is named', () => {
  const made = loadConfig({ ...bare, LUNA_HTTPS: '1' }).https;
  const named = loadConfig({ ...bare, LUNA_HTTPS: '1', LUNA_HTTPS_PORT: '443', LUNA_HTTPS_KEY_FILE: '/a.key', LUNA_HTTPS_CERT_FILE: '/a.crt' }).https;

  assert.equal(loadConfig(bare).https, null);
  assert.deepEqual(made, { port: 7053, keyFile: '/var/lib/luna/boot.key', certFile: '/var/lib/luna/boot.crt', made: true });
  assert.deepEqual(named, { port: 443, keyFile: '/a.key', certFile: '/a.crt', made: false });
});

test('tells all mistakes at once', (t) => {
  const env = confFile(t, '[MongoDB]\nserver = db\nport = 1\npassword = x\nnonsense\n');

  assert.deepEqual(mistakesOf({ ...env, LUNA_HTTP_PORT: '70500', LUNA_API_ADDRESS: '7051', LUNA_LOG_LEVEL: 'loud', LUNA_TEMPORAL_ADDRESS: 'here' }), [
    `${env.LUNA_CONF}:5: "nonsense" is neither [Section] nor key = value`,
    'LUNA_API_ADDRESS="7051": must be host:port, as in 127.0.0.1:7051',
    'LUNA_HTTP_PORT="70500": a port is a whole number from 1 to 65535',
    'the address of Temporal="here": must be host:port, as in 127.0.0.1:7051',
    'luna.conf [mongodb] port: unknown; known are replicaset, server, authdb, user, password, ssl, cacert',
    'luna.conf [MongoDB] password: needs a user beside it',
    'LUNA_LOG_LEVEL="loud": must be one of debug, info, warn, error',
  ]);
});

test('refuses a data directory whose socket the kernel would not take', () => {
  assert.match(mistakesOf({ ...bare, LUNA_DATA: `/${'d'.repeat(120)}` }).join('\n'), /too long/);
});

test('complains about a file that was named and is not there', () => {
  assert.deepEqual(mistakesOf({ LUNA_CONF: '/absent/luna.conf' }), ['LUNA_CONF="/absent/luna.conf": there is no such file']);
});

test('makes the keys of secrets and of TLS in the data directory, or takes those it is told', () => {
  const own = loadConfig(bare);
  const told = loadConfig({ ...bare, LUNA_SECRETS_KEY_FILE: '/etc/luna/key', LUNA_IMAGE_KEY_FILE: '/etc/luna/image.pem', LUNA_API_KEY_FILE: '/etc/luna/tls.key', LUNA_API_CERT_FILE: '/etc/luna/tls.crt' });

  assert.deepEqual([own.secretsKey, own.imageKey], ['secrets', 'image'].map((name) => ({ file: `/var/lib/luna/${name}.key`, made: true })));
  assert.deepEqual(own.apiTls, { keyFile: '/var/lib/luna/api.key', certFile: '/var/lib/luna/api.crt', made: true });
  assert.deepEqual([told.secretsKey.made, told.imageKey, told.apiTls], [false, { file: '/etc/luna/image.pem', made: false }, { keyFile: '/etc/luna/tls.key', certFile: '/etc/luna/tls.crt', made: false }]);
  assert.deepEqual(mistakesOf({ ...bare, LUNA_API_KEY_FILE: '/etc/luna/tls.key' }), ['LUNA_API_KEY_FILE and LUNA_API_CERT_FILE belong together: LUNA_API_CERT_FILE is missing']);
});
