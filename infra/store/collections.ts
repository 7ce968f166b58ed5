import type { ObjectKind } from '../../domain/change.ts';

/** The collection of each kind of object. */
export const COLLECTION_OF: Record<ObjectKind, string> = {
  cluster: 'clusters',
  network: 'networks',
  switch: 'switches',
  otherdev: 'otherdevs',
  osimage: 'osimages',
  bmcsetup: 'bmcsetups',
  group: 'groups',
  node: 'nodes',
};
