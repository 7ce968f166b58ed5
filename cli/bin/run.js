import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

// An ES import of these evaluates every export of theirs, streams and watchers among them: 5 ms.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { enableCompileCache } = process.getBuiltinModule('node:module');

// The cache saves a third of the start. It lies inside the installation: code that root runs must not come from /tmp.
const root = dirname(dirname(import.meta.dirname));
enableCompileCache(join(root, '.cache', 'compile'));

// oclif behaves differently when it believes it runs from its sources; it always runs the build.
process.env.NODE_ENV ??= 'production';
// The wrapper has chosen the Node; loading semver to check it costs 20 ms.
process.env.OCLIF_DISABLE_ENGINE_WARNING ??= '1';

// Luna 1 took its one global flag before the object: `luna -d node list`. After it, -d belongs to the command.
const args = process.argv.slice(2);
if (args[0] === '-d' || args[0] === '--debug') args.splice(0, args.length, ...args.slice(1), '--debug');

// `luna … | head` ends quietly, as a C program does by SIGPIPE; oclif would wait for the closed pipe for ever.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(141);
});

if (args.length === 1 && ['--version', '-v'].includes(args[0])) {
  // Not worth loading anything for.
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`);
  process.exit(0);
}

if (args[0] === '__complete') {
  // Somebody has pressed a key and waits: nothing but this is loaded.
  const { complete } = await import(pathToFileURL(join(root, 'dist', 'cli', 'completion', 'complete.js')).href);
  await complete(root, args.slice(1));
  process.exit(0);
}

// The build has oclif in one file (scripts/bundle-oclif.ts).
const { execute } = await import(pathToFileURL(join(root, 'dist', 'oclif.js')).href);
await execute({ args, dir: root });
