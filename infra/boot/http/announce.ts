import type { IncomingMessage, ServerResponse } from 'node:http';
import { Router } from 'express';
import type { Boot } from '../../../domain/provision.ts';
import type { Site } from '../../../domain/site.ts';
import { ALIVE, admittedFrom } from './admitted.ts';
import { queryOf } from './respond.ts';

/** Answers admitted BitTorrent clients. */
export interface Tracker {
  /** Answers an announce or scrape by itself; never throws. */
  answer(req: IncomingMessage, res: ServerResponse): void;
  /** Answers with a reason, in the tracker's own format. */
  refuse(res: ServerResponse, reason: string): void;
}

/** What the tracker's routes ask of their surroundings. */
export interface TrackerDeps {
  site(): Site;
  /** The boot behind a nonce as it was a second ago at the earliest: asked at every announce of every machine, so from memory. */
  recentBoot(nonce: string): Promise<Boot | null>;
  readonly tracker: Tracker;
}

/**
 * `/announce` and `/scrape`, for boots that may install, from their own machines. The controller itself needs no nonce: a connection whose two ends
 * have the same address comes from this machine, and the seeder that runs on it is the only peer without a boot.
 */
export function trackerRoutes(deps: TrackerDeps): Router {
  const router = Router();
  router.get(['/announce', '/scrape'], async (req, res) => {
    const { remoteAddress, localAddress } = req.socket;
    const own = remoteAddress === localAddress && queryOf(req, 'nonce') === undefined;
    try {
      if (!own) await admittedFrom({ site: () => deps.site(), bootByNonce: (nonce) => deps.recentBoot(nonce) }, req, ALIVE);
      deps.tracker.answer(req, res);
    } catch (error) {
      // Clients show a bencoded reason and try again; they take an HTTP error for a broken tracker.
      deps.tracker.refuse(res, error instanceof Error ? error.message : String(error));
    }
  });
  return router;
}
