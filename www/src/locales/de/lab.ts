import type { Translated } from '../../base/localized';
import type * as imports from '../../lab/import-text';
import type * as english from '../../lab/text';

export const LAB: Translated<typeof english.LAB> = {
  crash: (why) =>
    `Die Engine ist stehen geblieben${why ? `: ${why}` : ''}. Starte sie neu: Der Lauf kann ab seinem letzten gespeicherten Stand weitergehen, und die Daten in diesem Browser bleiben erhalten.`,
  crashUnkept: (why) =>
    `Die Engine ist stehen geblieben${why ? `: ${why}` : ''}. Starte sie neu: Der Lauf beginnt dann von vorn, denn eine Karte speichert keinen Lauf; die Daten in diesem Browser bleiben erhalten.`,
  notLoaded: (why) =>
    `Die Engine ließ sich nicht laden: ${why}. Lade die Seite neu; passiert es wieder, fehlt diesem Browser vielleicht WebAssembly mit SIMD.`,
  custom: (title) => `${title} (geändert)`,
  costSheet: (title) =>
    `„${title}“ ist ein Kostenblatt: Seine Bilder passen nicht in einen Browser-Tab; seine Kosten lassen sich berechnen, aber trainieren lässt es sich nicht. Sieh unter „Modell“ und „Kosten“ nach, oder wähle zum Trainieren ein anderes Experiment.`,
  problem: (file, message) => `${file}: ${message}`,
  notDeleted: (name) =>
    `Dieser Browser konnte „${name}“ nicht aus seinem Speicher löschen; beim nächsten Besuch ist es wieder da. Lösche es dann noch einmal.`,
};

export const ADDRESS: Translated<typeof english.ADDRESS> = {
  unknown: (name, names) =>
    `Die Adresse dieser Seite enthält eine Einstellung „${name}“, die es nicht gibt. Es gibt: ${names}.`,
  invalid: (name, expects, received) =>
    `Die Adresse dieser Seite setzt ${name}; das muss Folgendes sein: ${expects}. Erhalten: „${received}“.`,
  experiment: (received, names) => `Es gibt kein Experiment „${received}“. Es gibt: ${names}.`,
};

export const EDIT: Translated<typeof english.EDIT> = {
  tooLong:
    'Die Änderungen sind für die Adresse dieser Seite zu lang; ein kopierter Link enthält sie nicht. Um sie zu behalten, speichere das Experiment unter „Modell“ als JSON.',
  broken: 'Die Änderungen in der Adresse dieser Seite sind beschädigt; gezeigt wird das unveränderte Experiment.',
  refused: (why) =>
    `Die Änderungen in der Adresse dieser Seite lassen sich nicht verwenden; gezeigt wird das unveränderte Experiment: ${why}`,
};

export const OWN: Translated<typeof english.OWN> = {
  title: 'Meine Experimente',
  save: 'Speichern',
  duplicate: 'Duplizieren',
  startEmpty: 'Leeres Netz',
  empty: 'Leeres Netz',
  unsaved: 'nicht gespeichert',
  name: 'Name',
  copyOf: (name) => `${name} (Kopie)`,
  remove: (name) => `Das Experiment „${name}“ löschen`,
  removed: (name) => `„${name}“ ist gelöscht.`,
  undo: 'Rückgängig',
  notKept:
    'Dieser Browser konnte das Experiment nicht speichern; es geht verloren, wenn du die Seite verlässt. Um es zu behalten, speichere es unter „Modell“ als JSON.',
  ask: (title) => `Änderungen an „${title}“ speichern?`,
  askText: 'Ein anderes Experiment tritt an die Stelle von diesem. Nicht gespeicherte Änderungen gehen verloren.',
  saveFirst: 'Speichern',
  discard: 'Änderungen verwerfen',
  cancel: 'Abbrechen',
};

export const LOCKED: Translated<typeof english.LOCKED> = {
  badge: 'Vom Kurs vorgegeben',
  hint: 'Dieses Experiment ist gesperrt: Es läuft so, wie es vorgegeben ist, damit die Läufe aller vergleichbar sind.',
  error:
    'Dieses Experiment ist von der Seite gesperrt und lässt sich nicht ändern. Öffne das ganze Labor, um Änderungen auszuprobieren.',
  rate: 'Die Lernrate gehört zum gesperrten Experiment und lässt sich nicht ändern.',
  model: 'Dieses Experiment ist gesperrt: Du kannst es hier lesen, aber nicht ändern.',
  files:
    'Dieses Experiment ist gesperrt: Es wird von seinen Anfangsgewichten aus trainiert, nicht von geladenen Gewichten oder einem anderen Lauf aus.',
};

export const IMPORT: Translated<typeof imports.IMPORT> = {
  unsupported: (file, parts) =>
    `${file}: ${parts.length === 1 ? '1 Ding wird' : `${parts.length} Dinge werden`} nicht unterstützt: ${parts.join('; ')}.`,
  network: (file, name) => `Das Netz aus ${file} ist jetzt das Experiment „${name}“.`,
  weights: (file, name) => `${file} ist in „${name}“ geladen. „Fortsetzen“ trainiert von diesen Gewichten aus weiter.`,
  code: (name) => `Der Code ist jetzt das Experiment „${name}“.`,
  matching: {
    question: (file) =>
      `Die Namen in ${file} sind nicht die dieses Netzes. Nach Reihenfolge und Form würden die Tensoren so zugeordnet. Stimmt das?`,
    ours: 'Hier',
    theirs: 'In der Datei',
    reordered: 'umgeordnet: PyTorch macht zuerst die Kanäle flach',
    take: 'Diese Gewichte übernehmen',
    refuse: 'Nicht übernehmen',
  },
};

export const BROWSER: Translated<typeof english.BROWSER> = {
  noSimd:
    'Dieser Browser kann WebAssembly mit SIMD nicht ausführen, das die Engine braucht. Benutze Chrome 91, Firefox 89, Safari 16.4 oder neuer.',
  noStyles:
    'Dieser Browser kennt nicht alle Stile dieser Seite; sie sieht vielleicht falsch aus, aber das Training funktioniert. Chrome 123, Firefox 120, Safari 17.5 und neuere kennen sie.',
};

export const GPU: Translated<typeof english.GPU> = {
  software:
    'WebGPU läuft hier in Software, auf dem Prozessor, und ist deshalb langsam. Die CPU-Engine ist wahrscheinlich schneller.',
  insecure:
    'WebGPU ist aus: Browser bieten es nur Seiten an, die über https oder von localhost geöffnet sind. Das Training läuft auf der CPU.',
  missing: (hint) => `Dieser Browser hat kein WebGPU; das Training läuft auf der CPU. ${hint}`,
  refused: (hint) => `WebGPU gab keinen Grafikadapter; das Training läuft auf der CPU. ${hint}`,
  hints: {
    'chromium-linux':
      'So schaltest du es ein: Öffne chrome://flags, schalte „Unsafe WebGPU Support“ und „Vulkan“ ein, starte den Browser neu, und sieh in chrome://gpu nach, falls es aus bleibt.',
    chromium:
      'So schaltest du es ein: Benutze in den Einstellungen unter „System“ die Grafikbeschleunigung, starte den Browser neu, und sieh in chrome://gpu nach, falls es aus bleibt.',
    firefox:
      'So schaltest du es ein: Aktualisiere Firefox, oder öffne about:config, setze dom.webgpu.enabled auf true und starte ihn neu.',
    safari:
      'So schaltest du es ein: Aktualisiere auf Safari 26 oder neuer, oder schalte WebGPU in den Einstellungen unter „Feature Flags“ ein.',
    other: 'Ein aktuelles Chrome, Edge, Firefox oder Safari hat es.',
  },
};
