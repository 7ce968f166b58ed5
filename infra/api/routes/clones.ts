import { LunaError } from '../../../domain/errors.ts';
import { groupView, osimageView } from '../../../domain/object-views.ts';
import { cloneGroupSchema } from '../../../domain/requests/group.ts';
import { cloneOsimageSchema } from '../../../domain/requests/osimage.ts';
import { plainPath } from '../../../domain/tree-path.ts';
import { groupViewSchema, osimageViewSchema } from '../../../domain/views.ts';
import { type Route, route } from '../route.ts';
import { named } from './objects.ts';

/** Objects made like others. */
export const cloneRoutes: Route[] = [
  route({
    method: 'post', path: '/groups/{name}/clone', id: 'cloneGroup', tag: 'groups', role: 'admin', tried: true,
    summary: 'Make a group like another',
    description: 'Its interfaces, their networks and settings, its scripts and references are the same; nodes stay where they are.',
    body: cloneGroupSchema,
    answer: { status: 201, schema: groupViewSchema },
    async handle({ deps: { documents }, body, caller, param }) {
      const { name } = await documents.cloneGroup(param('name'), body.to, caller.by);
      const site = await documents.site.refresh();
      return groupView(site, named(site.groups.values(), 'group', name));
    },
  }),
  route({
    method: 'post', path: '/osimages/{name}/clone', id: 'cloneOsimage', tag: 'osimages', role: 'admin', tried: true,
    summary: 'Make an image like another',
    description: 'Copies the tree to a path where nothing is, and the settings. Answers when the copy is whole, which may take minutes.',
    body: cloneOsimageSchema,
    answer: { status: 201, schema: osimageViewSchema },
    async handle({ deps: { documents, treeMistake, trees }, body: { to, path }, caller, param }) {
      const { path: from, kernver, kernopts, dracutmodules, kernmodules, grab_exclude_list, grab_filesystems, comment } =
        named(documents.site.current().osimages.values(), 'osimage', param('name'));
      for (const other of documents.site.current().osimages.values()) {
        if (other.name === to) throw new LunaError('taken', `the name ${to} is taken by osimage ${to}`, `luna osimage show ${to}`);
        if (plainPath(other.path) === path) throw new LunaError('taken', `${path} is the tree of osimage ${other.name}`, `luna osimage show ${other.name}`);
      }
      const mistake = await treeMistake(path);
      if (mistake !== null) throw new LunaError('invalid', `path: ${mistake}`, 'luna osimage list');
      await trees.clone(from, path);
      try {
        await documents.osimages.add({ name: to, path, kernver, kernopts, dracutmodules, kernmodules, grab_exclude_list, grab_filesystems, comment }, caller.by);
      } catch (error) {
        await trees.discard(path);
        throw error;
      }
      const site = await documents.site.refresh();
      return osimageView(site, named(site.osimages.values(), 'osimage', to));
    },
  }),
];
