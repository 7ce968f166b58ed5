import { Args } from '@oclif/core';
import { LunaCommand } from '../base.ts';
import { HELP_TOPICS } from '../manual/topics.ts';

export default class HelpCommand extends LunaCommand {
  static override summary = 'Explain a command, or one of: elsewhere, exit-codes, hostlists, output.';
  static override examples = ['luna help', 'luna help node change', 'luna help exit-codes', 'luna help hostlists'];
  static override args = { words: Args.string({ description: 'a command or a topic', ignoreStdin: true, multiple: true }) };

  async run(): Promise<object> {
    const words = (await this.parse(HelpCommand)).args.words ?? [];
    const topic = words.join('-');
    const text = Object.hasOwn(HELP_TOPICS, topic) ? HELP_TOPICS[topic] : undefined;
    const id = words.join(':');
    if (text !== undefined) this.log(text);
    else if (id !== '' && this.config.findCommand(id) === undefined && !this.config.commandIDs.some((one) => one.startsWith(`${id}:`))) await this.config.runHook('command_not_found', { id });
    else {
      const { default: LunaHelp } = await import('../help.ts');
      await new LunaHelp(this.config).showHelp(words);
    }
    return { topic: words.join(' '), text: text ?? '' };
  }
}
