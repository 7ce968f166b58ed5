import { LunaError } from './errors.ts';

/**
 * Which program configures the network of an installed system, and so which files a node is given. `keyfile`:
 * NetworkManager. `ifcfg`: RedHat 8 and older. `none`: the image or its postscript looks after the network.
 */
export const NETWORK_STYLES = ['netplan', 'networkd', 'keyfile', 'ifcfg', 'ifupdown', 'none'] as const;
export type NetworkStyle = (typeof NETWORK_STYLES)[number];

/** Where an image may say itself which it is to be, in one word. */
export const STYLE_FILE = '/etc/luna/network-style';

/** What an image says of itself in STYLE_FILE; `image` is for the message. Throws LunaError `invalid` for another word. */
export function parseStyle(text: string, image: string): NetworkStyle {
  const word = text.trim();
  const found = NETWORK_STYLES.find((style) => style === word);
  if (found === undefined) {
    throw new LunaError('invalid', `${STYLE_FILE} of osimage ${image} says '${word.slice(0, 40)}'; known are ${NETWORK_STYLES.join(', ')}`, `luna osimage show ${image}`);
  }
  return found;
}
