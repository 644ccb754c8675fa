import type { Translated } from '../../base/localized';
import type * as english from '../../device/text';

export const DEVICE: Translated<typeof english.DEVICE> = {
  question: 'Ist die GPU an?',
  steps: 'So schaltest du sie ein',
  here: 'Dieses Gerät',
  cores: 'Prozessorkerne',
  memory: 'Arbeitsspeicher',
  memoryValue: (gb) => `${gb} GB${gb === '8' ? ' oder mehr' : ''}`,
  heap: 'Speicher der Engine',
  memoryUnknown: 'nennt dieser Browser nicht',
  secure: 'Sichere Seite',
  isolated: 'Herkunftsübergreifend isoliert',
  isolatedNote: 'nicht nötig: Die Worker teilen keinen Speicher',
  build: 'WebAssembly-Build',
  builds: {
    'relaxed-simd': 'Relaxed SIMD: schneller, rundet auf verschiedenen Prozessorfamilien vielleicht verschieden',
    simd128: 'SIMD: auf jedem Prozessor bitgleiche Ergebnisse',
  },
  browser: 'Browser',
  yes: 'ja',
  no: 'nein',
  engine: 'Welche Engine, und warum',
  engineRun: (engine, device) => `Der letzte Lauf benutzte die ${engine}-Engine auf ${device}.`,
  engineChoice: {
    auto: 'Die Engine steht auf Auto: Gibt es eine Grafikkarte, beginnt ein Lauf sofort auf ihr. Zwei Sekunden später wird die CPU gemessen, und sie setzt den Lauf fort, wenn sie schneller ist.',
    cpu: 'Die Engine steht von Hand auf CPU.',
    gpu: 'Die Engine steht von Hand auf WebGPU.',
  },
  adapter: 'Grafikadapter',
  adapterNone: 'WebGPU gibt hier keinen Adapter.',
  vendor: 'Hersteller',
  architecture: 'Architektur',
  device: 'Gerät',
  description: 'Beschreibung',
  unnamed: 'nennt dieser Browser nicht',
  limits: 'Grenzen',
  features: 'Fähigkeiten',
  measure: 'Gemessene Geschwindigkeit',
  measureHint: 'Trainiert auf jeder Engine etwa zwei Sekunden lang ein kleines Faltungsnetz und kopiert Speicher.',
  press: 'Jetzt messen',
  measuring: 'Messe…',
  busy: 'Nicht während eines Laufs: Beides würde langsamer.',
  columns: { engine: 'Engine', gflops: 'Training, GFLOP/s', bandwidth: 'Speicher, GB/s' },
};

export const IS_GPU_ON: Translated<typeof english.IS_GPU_ON> = {
  software: (adapter) =>
    `WebGPU ist an, aber nur in Software (${adapter}), rechnet also auf dem Prozessor: Wähle Auto oder CPU.`,
  yes: (adapter) => `Ja: WebGPU ist an und benutzt ${adapter || 'die GPU dieses Geräts'}.`,
  insecure:
    'Nein: Browser bieten WebGPU nur Seiten an, die über https oder von localhost geöffnet sind; das Training läuft auf der CPU.',
  secureStep: 'Öffne diese Seite mit ihrer https://-Adresse oder von localhost.',
  missing: 'Nein: Dieser Browser hat kein WebGPU; das Training läuft auf der CPU.',
  refused: (why) =>
    `Nein: WebGPU ist da, gab aber keinen Grafikadapter${why ? ` (${why})` : ''}; das Training läuft auf der CPU.`,
  steps: {
    'chromium-linux': [
      'Öffne chrome://flags und schalte „Unsafe WebGPU Support“ und „Vulkan“ ein.',
      'Starte den Browser neu und öffne diese Seite wieder.',
      'Bleibt es aus, sieh in chrome://gpu bei WebGPU und Vulkan nach: Vielleicht fehlt der Grafiktreiber.',
    ],
    chromium: [
      'Schalte in den Einstellungen des Browsers unter „System“ die Grafikbeschleunigung ein.',
      'Starte den Browser neu und öffne diese Seite wieder.',
      'Bleibt es aus, sieh in chrome://gpu bei WebGPU nach: Vielleicht ist der Grafiktreiber zu alt.',
    ],
    firefox: [
      'Aktualisiere Firefox: Ab Version 141 unter Windows und 145 auf Macs mit Apple-Chip ist WebGPU von selbst an.',
      'Sonst öffne about:config, setze dom.webgpu.enabled auf true und starte Firefox neu.',
    ],
    safari: [
      'Aktualisiere auf Safari 26 oder neuer; dort ist WebGPU von selbst an.',
      'In älteren: Einstellungen, „Erweitert“, „Funktionen für Webentwickler:innen anzeigen“; dann unter „Feature Flags“ WebGPU.',
    ],
    other: ['Benutze ein aktuelles Chrome, Edge, Firefox oder Safari.'],
  },
};
