import { CommandHelp, Help, type Interfaces } from '@oclif/core';

/** Hidden flags leave nothing behind among their alternatives: not `[--rename NEW |  | ]`. */
class LunaCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    return super.defaultUsage().replace(/\|(\s*\|)+/g, '|').replace(/\s*\|\s*\]/g, ']');
  }
}

/**
 * oclif's help, in which a topic is what has commands below it. oclif takes `up` for one, because `bmcsetup:` ends in `up:`;
 * so the commands at the top are told apart here.
 */
export default class LunaHelp extends Help {
  protected override get sortedTopics(): Interfaces.Topic[] {
    return super.sortedTopics.filter(({ name }) => this.config.commandIDs.some((id) => id.startsWith(`${name}:`)));
  }

  protected override CommandHelpClass = LunaCommandHelp;

  protected override async showRootHelp(): Promise<void> {
    await super.showRootHelp();
    this.log(this.section('MORE', [
      ['luna help exit-codes', 'what the number a command ends with means'],
      ['luna help elsewhere', 'how luna is used from another machine'],
      ['luna help hostlists', 'how many nodes are named at once'],
      ['luna help output', 'tables, JSON, CSV; filters and sorting'],
      ['luna completion bash', 'completion for your shell; zsh and fish too'],
    ].map(([left, right]) => `$ ${(left ?? '').padEnd(22)}${right ?? ''}`).join('\n')));
  }
}
