/** Reads the settings in the address of the page. Invalid ones are reported and ignored. */
import type { Preset } from '../base/engine';
import { fromUrl, type Settings, settingNames } from '../base/settings';
import type { Messages } from './messages';
import { ADDRESS } from './text';

export function readAddress(search: string, presets: readonly Preset[], messages: Readonly<Messages>): Settings {
  const { settings, problems } = fromUrl(search);
  for (const { name, received, expects } of problems) {
    messages.error(expects === null ? ADDRESS.unknown(name, settingNames()) : ADDRESS.invalid(name, expects, received));
  }
  const ids = presets.map((preset) => preset.id);
  if (settings.experiment && !ids.includes(settings.experiment)) {
    messages.error(ADDRESS.experiment(settings.experiment, ids.join(', ')));
    settings.experiment = '';
  }
  settings.experiment ||= ids[0] ?? '';
  return settings;
}
