/** Stands in every configuration luna writes for a DHCP server; a file without it is somebody else's and is kept aside first. */
export const DHCP_MARK = 'Written by luna cluster makedhcp; changes made here are lost.';
