import { type ClasslessRoute, encodeRoutes } from '../../../domain/classless-routes.ts';
import { encodeName } from '../../../domain/dns-name.ts';
import type { Facts } from './facts.ts';
import { option, type Options } from './options.ts';

/** Adds the settings that a client gets only when it asks for them in option 55: a boot program has no use for them and little room. */
export function addRequested(settings: Options, facts: Facts, request: Options): void {
  const asked = request.get(option.parameterList);
  if (asked === undefined) return;
  if (facts.mtu !== null && asked.includes(option.mtu)) settings.set(option.mtu, Uint8Array.of(facts.mtu >>> 8, facts.mtu));
  if (facts.search.length > 0 && asked.includes(option.domainSearch)) settings.set(option.domainSearch, Buffer.concat(facts.search.map(encodeName)));
  if (facts.routes.length === 0) return;
  const value = encodeRoutes(withDefault(facts));
  for (const code of [option.classlessRoutes, option.classlessRoutesMs]) if (asked.includes(code)) settings.set(code, value);
}

/** RFC 3442: a client that takes these ignores option 3, so the default route stands among them. */
function withDefault({ routes, gateway }: Facts): readonly ClasslessRoute[] {
  if (gateway === null || routes.some(({ to }) => to.prefix === 0)) return routes;
  return [...routes, { to: { base: 0, prefix: 0 }, via: gateway }];
}
