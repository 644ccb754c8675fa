/** Reads the settings in the address of the page. Invalid ones are reported and ignored. */
import type { PresetHead } from '../base/engine';
import { quoted } from '../base/format';
import { fromUrl, type Settings, settingNames } from '../base/settings';
import type { Messages } from './messages';
import { ADDRESS } from './text';

export function readAddress(search: string, presets: readonly PresetHead[], messages: Readonly<Messages>): Settings {
  const { settings, problems } = fromUrl(search);
  for (const { name, received, expects } of problems) {
    const text =
      expects === null
        ? ADDRESS.unknown(quoted(name, 40), settingNames())
        : ADDRESS.invalid(name, expects, quoted(received));
    messages.error(text);
  }
  const ids = presets.map((preset) => preset.id);
  if (settings.experiment && !ids.includes(settings.experiment)) {
    messages.error(ADDRESS.experiment(quoted(settings.experiment), ids.join(', ')));
    settings.experiment = '';
  }
  settings.experiment ||= ids[0] ?? '';
  return settings;
}
