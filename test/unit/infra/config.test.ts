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
  assert.deepEqual([config.httpPort, config.dhcpPort, config.tftpPort, config.seederPort], [7050, 67, 69, 7052]);
  assert.deepEqual(config.temporal, { address: '127.0.0.1:7233', namespace: 'default', external: false, uiPort: 8233 });
  assert.deepEqual(config.mongo, { uri: 'mongodb://127.0.0.1:27017/?directConnection=true', database: 'luna', external: false });
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
