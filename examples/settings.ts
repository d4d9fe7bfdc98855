/** Settings of a tool, from `--gateway-url=…` on its command line or GATEWAY_URL in its environment. */
export interface Settings {
  /** Ends the process with a message when it is missing. */
  required(name: string, meaning: string): string;
  optional(name: string, otherwise: string): string;
}

interface Sources {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function readSettings({ args, environment }: Sources): Settings {
  const find = (name: string): string | undefined => {
    const option = `--${name.toLowerCase().replaceAll('_', '-')}=`;
    const value = args.find((arg) => arg.startsWith(option))?.slice(option.length);
    return value ?? environment[name];
  };
  return {
    required(name, meaning) {
      const value = find(name);
      if (value !== undefined && value !== '') return value;
      process.stderr.write(`${name} is missing: ${meaning}\n`);
      return process.exit(1);
    },
    optional: (name, otherwise) => find(name) ?? otherwise,
  };
}
