import { after, before } from 'node:test';
import { serve, testWorld, type World } from './boot-http.ts';

/** A world behind a running boot HTTP service, for all tests of a file. */
export function servedWorld(): { readonly world: World; readonly url: string } {
  let world: World;
  let server: Awaited<ReturnType<typeof serve>>;
  before(async () => {
    world = await testWorld();
    server = await serve(world);
  });
  after(() => server.stop());
  return {
    get world() { return world; },
    get url() { return server.url; },
  };
}
