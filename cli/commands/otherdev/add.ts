import type { OtherdevView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { forEachName, type Outcome } from '../../batch.ts';
import { listArgs, listFlags, pathOf, selectObjects } from '../../object-selector.ts';
import { otherdevFields, otherdevFlags } from '../../otherdev-fields.ts';
import { connectionsText } from '../../otherdev-text.ts';

export default class OtherdevAdd extends ChangingCommand {
  static override summary = 'Declare devices that need a name and an address, such as PDUs.';
  static override examples = ['luna otherdev add pdu01 -N ipmi -i 10.31.250.1', 'luna otherdev add -n pdu[02-04] -N ipmi'];
  static override args = listArgs;
  static override flags = { ...listFlags, ...otherdevFlags };

  async run(): Promise<Outcome<OtherdevView>[]> {
    const { args, flags } = await this.parse(OtherdevAdd);
    return forEachName(this, selectObjects('otherdev', args.name, flags.name), async (name) => {
      const added = await this.api<OtherdevView>('POST', pathOf('otherdev'), { name, ...otherdevFields(flags) });
      this.log(`Added otherdev ${added.name}: ${connectionsText(added).join(' ')}`);
      return added;
    });
  }
}
