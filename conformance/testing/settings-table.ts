import { configSchema } from '../../foundation/config/schema.ts';
import { listSettings } from '../../foundation/config/setting.ts';

/** The README's table of settings, as the schema of the configuration has it. */
export function settingsTable(): string {
  const defaults: unknown = configSchema.parse({});
  const rows = listSettings().map(({ path, description }) => {
    const value = valueAt(defaults, path);
    const shown = value === undefined ? '' : `\`${JSON.stringify(value).replaceAll('"', '')}\``;
    return `| \`${path.join('.')}\` | ${shown} | ${description} |`;
  });
  return ['| Setting | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (section, name) =>
      typeof section === 'object' && section !== null
        ? Object.entries(section).find(([key]) => key === name)?.[1]
        : undefined,
    value,
  );
}
