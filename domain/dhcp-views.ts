import * as z from 'zod';

/** What `GET /dhcp` answers: a DhcpPlan. */
export const dhcpPlanSchema = z.strictObject({
  nextServer: z.ipv4(),
  bootUrl: z.string(),
  leaseSeconds: z.number().int(),
  subnets: z.array(z.strictObject({
    name: z.string(),
    network: z.ipv4(),
    prefix: z.number().int(),
    netmask: z.ipv4(),
    ranges: z.array(z.strictObject({ first: z.ipv4(), last: z.ipv4() })),
    gateway: z.string().nullable(),
    dns: z.array(z.string()),
    domain: z.string(),
    reservations: z.array(z.strictObject({ mac: z.string(), ip: z.ipv4(), hostname: z.string() })),
  })),
});
