/** A file of the installed system. */
export interface NetworkFile {
  /** Absolute, on the installed system. */
  path: string;
  mode: '0644' | '0600';
  text: string;
}

/** The first line of every file luna writes for a network: by it, those of an earlier installation are found again. */
export const NETWORK_MARK = '# Written by luna when it installed this node; luna node show NODE --script network';

/** A file under the mark, of lines; null stands for a line that isn't there. Lines of its own end what `params` left open. */
export function networkFile(path: string, lines: readonly (string | null)[], mode: NetworkFile['mode'] = '0644'): NetworkFile {
  return { path, mode, text: `${[NETWORK_MARK, ...lines.filter((line) => line !== null)].join('\n')}\n` };
}

/** The lines an administrator wrote for an interface. */
export const paramLines = (params: string): string[] => params.trim() === '' ? [] : params.trimEnd().split('\n');

/** Whether an address, or a network written as `fd00::/64`, is of IPv6. */
export const isV6 = (address: string): boolean => address.includes(':');
