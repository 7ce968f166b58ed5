import { cloneTree, discardTree } from './clone-tree.ts';
import { kernelsOf } from './kernel.ts';

/** What the API does with the trees of images. */
export const imageTrees = {
  clone: cloneTree,
  discard: discardTree,
  /** The releases of its kernels, oldest first. */
  async kernels(path: string): Promise<string[]> {
    return (await kernelsOf(path)).map(({ kernver }) => kernver);
  },
};
