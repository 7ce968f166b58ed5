/** Address and port as people and URLs write them (RFC 3986 §3.2.2): `10.0.0.1:69`, `[fd00::1]:69`. */
export function placeOf(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
