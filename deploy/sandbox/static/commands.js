/** What a slash command is good for: examples from its usage hint, and the command that a text begins with. */

/**
 * One example per command that can be typed as it is. Hints list alternatives with "|"; the first is taken,
 * and hints that are patterns ("[name]", "<date>") are no examples.
 * @param {{command: string, usage_hint: string}[]} commands
 * @returns {string[]} e.g. ["/log call Acme 15m connected", "/quota"]
 */
export function examples(commands) {
  return commands.map(({ command, usage_hint: hint }) => {
    const first = (hint ?? "").split("|")[0].trim();
    return /[[\]<>{}…]|\.\.\./.test(first) ? command : `${command} ${first}`.trim();
  });
}

/** @returns {object[]} the commands that can still become what is typed; none once an argument has begun */
export function suggestions(commands, text) {
  if (!/^\/\S*$/.test(text)) return [];
  return commands.filter(({ command }) => command.startsWith(text.toLowerCase()));
}

/** @returns {object|undefined} the command of "/log call …" */
export function commandOf(commands, text) {
  return commands.find(({ command }) => text === command || text.startsWith(`${command} `));
}
