/** Every exit code, with what it means. The documents and `luna help exit-codes` are made from it. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [0, 'Done.'],
  [1, 'Some of it failed: nodes of a hostlist, a provision, a pack, a part in luna status. What failed is on stderr.'],
  [2, 'Wrong usage: a word, flag or value that the command does not know. Nothing was asked of luna.'],
  [3, 'luna can not be reached: it is not running, or does not answer in time.'],
  [7, 'lchroot: no image is named.'],
  [8, 'lchroot: the image is locked, somebody is in it already or it is being packed.'],
  [130, 'Ctrl-C. What was started goes on unless the command says otherwise.'],
  [141, 'The reader of the output has gone (luna node list | head).'],
  [255, "Refused: the object does not exist, is in use, or the value is not valid. Luna 1's code for the same."],
];
