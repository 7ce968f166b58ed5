import type { Db } from 'mongodb';
import { clusterSchema } from '../../domain/cluster.ts';
import { groupInterfaceSchema, groupSchema } from '../../domain/group.ts';
import { networkSchema } from '../../domain/network.ts';
import { nodeSchema } from '../../domain/node.ts';
import { osimageSchema } from '../../domain/osimage.ts';

/** Raised whenever a stored object gains a field. */
const FORMAT = 2;

/** What an empty object of each kind holds, by collection: the least that its schema wants, and the rest by default. */
const IDENTITY = { _id: '', name: 'x', rev: 0 };
const BLANK: Record<string, object> = {
  clusters: clusterSchema.parse(IDENTITY),
  networks: networkSchema.parse({ ...IDENTITY, network: '10.0.0.0', prefix: 8 }),
  osimages: osimageSchema.parse({ ...IDENTITY, path: '/' }),
  groups: groupSchema.parse({ ...IDENTITY, osimage: '' }),
  nodes: nodeSchema.parse({ ...IDENTITY, group: '' }),
};

/** Gives objects that an older luna stored the fields they lack, with their defaults. Does nothing the second time; safe in several processes at once. */
export async function upgradeObjects(db: Db): Promise<void> {
  const formats = db.collection<{ _id: string; n: number }>('formats');
  if (((await formats.findOne({ _id: 'objects' }))?.n ?? 0) >= FORMAT) return;
  for (const [collection, blank] of Object.entries(BLANK)) {
    for (const [field, value] of Object.entries(blank)) {
      if (!(field in IDENTITY)) await db.collection(collection).updateMany({ [field]: { $exists: false } }, { $set: { [field]: value as unknown } });
    }
  }
  await upgradeInterfaces(db);
  await formats.updateOne({ _id: 'objects' }, { $set: { n: FORMAT } }, { upsert: true });
}

async function upgradeInterfaces(db: Db): Promise<void> {
  const groups = db.collection<{ _id: string; rev: number; interfaces: object[] }>('groups');
  for (const { _id, rev, interfaces } of await groups.find({}).toArray()) {
    await groups.updateOne({ _id, rev }, { $set: { interfaces: interfaces.map((one) => groupInterfaceSchema.parse(one)) } });
  }
}
