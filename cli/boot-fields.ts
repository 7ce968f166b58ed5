import { Errors, Flags } from '@oclif/core';
import { IPXE_VARIANTS } from '../domain/boot-files.ts';

/** What can be said of how machines boot, of a network, a group or a node. */
export const bootFlags = {
  bootfile: Flags.string({ summary: 'What firmware loads instead of iPXE: a file of the TFTP server, or a URL; empty: iPXE.', helpValue: 'FILE|URL' }),
  ipxe: Flags.string({ summary: 'Which iPXE firmware is given first; default: what fits it.', options: [...IPXE_VARIANTS, 'default'] }),
  'dhcp-option': Flags.string({
    aliases: ['dhcp_option'],
    summary: 'A DHCP option: 42=10.30.0.9, or with its type: 224=text:hello. Without a value: no longer. May be repeated.',
    helpValue: 'CODE=VALUE', multiple: true, multipleNonGreedy: true,
  }),
};

interface Given { bootfile?: string | undefined; ipxe?: string | undefined; 'dhcp-option'?: string[] | undefined }

/** The given flags as fields of the API. Throws a usage error for an option that isn't CODE=VALUE. */
export function bootFields({ bootfile, ipxe, 'dhcp-option': options }: Given): Record<string, unknown> {
  return {
    ...(bootfile === undefined ? {} : { bootfile: bootfile === '' ? null : bootfile }),
    ...(ipxe === undefined ? {} : { ipxe: ipxe === 'default' ? null : ipxe }),
    ...(options === undefined ? {} : { dhcp_options: Object.fromEntries(options.map(optionOf)) }),
  };
}

function optionOf(text: string): [string, string | null] {
  const [, code, value = ''] = /^(\d{1,3})=([\s\S]*)$/.exec(text) ?? [];
  if (code === undefined) throw new Errors.CLIError(`Expected the number of an option and its value, such as 42=10.30.0.9, not ${text}.`, { exit: 2 });
  return [code, value === '' ? null : value];
}
