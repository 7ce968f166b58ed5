import { Errors, type Hook } from '@oclif/core';
import { nearest } from '../nearest.ts';

/** `luna nod list`: says which command was probably meant, and how to see all. */
const commandNotFound: Hook<'command_not_found'> = async function ({ id, config }) {
  const typed = id.replaceAll(':', ' ');
  const meant = likeliest(typed.split(' '), config.commands.filter((command) => !command.hidden).map((command) => command.id.split(':')));
  const hint = meant === undefined ? '' : ` Did you mean: ${config.bin} ${meant}?`;
  throw new Errors.CLIError(`${config.bin} ${typed} is no command.${hint}\nAll of them: ${config.bin} --help`, { exit: 2 });
};
export default commandNotFound;

/** Word by word: the nearest topic, then the nearest action of it; words beyond a command are its arguments. */
function likeliest(words: readonly string[], commands: readonly string[][]): string | undefined {
  const [first = '', second] = words;
  const topic = nearest(first, new Set(commands.map(([one = '']) => one)));
  if (topic === undefined) return undefined;
  const actions = commands.filter(([one, action]) => one === topic && action !== undefined).map(([, action = '']) => action);
  if (second === undefined || actions.length === 0) return topic === first && actions.length > 0 ? `${topic} --help` : topic;
  const action = nearest(second, actions);
  return action === undefined ? `${topic} --help` : `${topic} ${action}`;
}
