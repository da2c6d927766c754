import { resolveConfiguration } from '../../configuration/configuration.ts';
import type { SettingKey, SettingValue } from '../../configuration/settings.ts';
import { createToolbox, type Toolbox, type ToolboxParts } from '../toolbox.ts';

/** A toolbox with these settings, and nothing of the environment that the test runs in. */
export function testToolbox(
  flags: Partial<Record<SettingKey, SettingValue>> = {},
  parts: Omit<Partial<ToolboxParts>, 'configuration'> = {},
): Toolbox {
  return createToolbox({ environment: {}, ...parts, configuration: resolveConfiguration({ flags }) });
}
