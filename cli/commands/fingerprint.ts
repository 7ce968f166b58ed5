import { LunaCommand } from '../base.ts';

interface Certificate { fingerprint: string; expires: string; certificate: string }

export default class Fingerprint extends LunaCommand {
  static override summary = "Show the fingerprint of the API's certificate, by which a CLI elsewhere knows this controller.";
  static override examples = ['luna fingerprint', 'export LUNA_API_FINGERPRINT=$(ssh root@controller luna fingerprint)'];

  async run(): Promise<Certificate> {
    await this.parse(Fingerprint);
    const certificate = await this.api<Certificate>('GET', '/api/v1/certificate');
    this.log(certificate.fingerprint);
    return certificate;
  }
}
