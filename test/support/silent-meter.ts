import type { Meter } from '../../infra/meter.ts';

/** Counts nothing. */
export const silentMeter: Meter = { packet: () => undefined, took: () => undefined, sent: () => undefined, gauge: () => undefined };

/** The API's metrics of nothing. */
export const silentMetrics = { meter: silentMeter, read: () => Promise.resolve({ text: '# nothing is counted here\n', type: 'text/plain; version=0.0.4; charset=utf-8' }), services: () => Promise.resolve([]) };
