import type { Translated } from '../../base/localized';
import type * as english from '../../ui/text';

export const PAGE: Translated<typeof english.PAGE> = {
  name: 'Convlab',
  tagline: 'Trainiere ein Faltungsnetz in diesem Tab',
  loading: 'Die Engine wird geladen…',
  loadingView: 'Wird geladen…',
  skip: 'Zum Labor springen',
  dismiss: 'Diese Meldung schließen',
  restart: 'Engine neu starten',
  groups: {
    label: 'Ansichten',
    data: 'Daten',
    network: 'Netz',
    train: 'Trainieren',
    understand: 'Verstehen',
    report: 'Vergleichen und berichten',
  },
  views: {
    run: 'Lauf',
    data: 'Daten',
    model: 'Modell',
    results: 'Ergebnisse',
    compare: 'Vergleich',
    cost: 'Kosten',
    predictions: 'Vorhersagen',
    inside: 'Innen',
    embedding: 'Einbettung',
    search: 'Suche',
    device: 'Gerät',
  },
  pages: { label: 'Weitere Seiten', lesson: 'Lektionen', docs: 'Einbetten' },
  bar: 'Der Lauf',
  of: (title, chosen) => `Diese Zahlen gehören zum Lauf von „${title}“. Für den nächsten ist „${chosen}“ gewählt.`,
};

export const FAILED: Translated<typeof english.FAILED> = {
  text: (why) =>
    `Dieser Teil der Seite lässt sich nicht zeigen. Der Rest funktioniert, und ein Lauf geht weiter. Der Fehler: ${why}`,
  retry: 'Noch einmal versuchen',
};

export const THEME: Translated<typeof english.THEME> = {
  label: 'Farben',
  auto: 'Wie das System',
  light: 'Hell',
  dark: 'Dunkel',
};

export const SETUP: Translated<typeof english.SETUP> = {
  title: 'Einstellungen',
  experiment: 'Experiment',
  about: 'Über dieses Experiment',
  browse: 'Alle Experimente, mit Bildern',
  data: 'Daten',
  engine: 'Engine',
  engines: { auto: 'Auto', cpu: 'CPU', gpu: 'WebGPU' },
  engineHints: {
    auto: 'Beginnt auf der Grafikkarte, wenn es eine gibt; die CPU übernimmt, wenn sie schneller ist.',
    cpu: 'WebAssembly mit SIMD, auf dem Prozessor dieses Geräts.',
    gpu: 'WebGPU, auf dem Grafikprozessor dieses Geräts.',
  },
  training: 'Training',
  fields: {
    epochs: 'Epochen',
    batch: 'Batchgröße',
    seed: 'Seed',
    train: 'Trainingsbilder',
    test: 'Testbilder',
  },
  all: 'alle',
  reset: 'Zurück zu den Werten des Experiments',
  nextRun: 'Änderungen gelten ab dem nächsten Lauf.',
  invalid: (label, expects, received) => `${label} muss Folgendes sein: ${expects}. Erhalten: „${received}“.`,
  choices: { official: 'Echt', synthetic: 'Synthetisch' },
  synthetic: 'synthetisch',
  loaded: (title, train, test) => `${title}: ${train} Trainings- und ${test} Testbilder`,
  keptHere: (size) => `In diesem Browser behalten (${size})`,
  onSite: (files) => `Diese Website hat sie (${files}). Sie werden beim Start geladen.`,
  needed: (title, hasSynthetic) =>
    `${title} ist noch nicht hier. Lege die Dateien auf der Seite ab${hasSynthetic ? ', oder trainiere mit dem synthetischen Datensatz' : ', wähle sie aus oder lade sie herunter'}.`,
  openCost: 'Kostenblatt öffnen',
};

export const DROP_ZONE: Translated<typeof english.DROP_ZONE> = {
  get: 'Daten holen',
  fetchSite: 'Von dieser Website laden',
  dropTitle: 'Lege die Datendateien hier ab',
  dropText: 'wie du sie heruntergeladen hast, komprimiert oder nicht',
  imagesText:
    'ein Ordner mit PNG-, JPEG-, WebP-, GIF- oder BMP-Dateien, mit je einem Ordner pro Klasse, oder als .zip oder .tar.gz',
  pick: 'Dateien wählen…',
  pickFolder: 'Ordner wählen…',
  ownImages: 'Eigene Bilder benutzen',
  url: 'oder von einer Adresse laden',
  urlLabel: 'Adresse einer Datendatei',
  urlButton: 'Laden',
  urlInvalid: (received) =>
    `Das ist keine Adresse einer Datei im Web. Erhalten: „${received}“. Schreib sie ganz aus, beginnend mit https://.`,
  urlHint: 'Die andere Website muss Seiten erlauben, ihre Dateien zu lesen (CORS).',
  stillMissing: (files) => `Es fehlen noch: ${files}.`,
  got: (file, as) => `${file}: ${as}`,
};

export const PROGRESS: Translated<typeof english.PROGRESS> = {
  fetch: 'Lade',
  read: 'Lese',
  decode: 'Dekodiere',
  store: 'Speichere für den nächsten Besuch',
  generate: 'Erzeuge den synthetischen Datensatz',
};

export const RUN_BAR: Translated<typeof english.RUN_BAR> = {
  start: 'Start',
  again: 'Neu starten',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  stop: 'Stopp',
  states: {
    idle: 'Bereit',
    preparing: 'Wird vorbereitet…',
    running: 'Trainiert',
    paused: 'Angehalten',
    stopped: 'Gestoppt',
    done: 'Beendet',
    failed: 'Fehlgeschlagen',
  },
  preparing: {
    data: 'Die Daten werden vorbereitet',
    engine: 'Die Engine wird vorbereitet: Netz übersetzen, wenn nötig messen',
  },
  waits: (title) => `Wartet auf den Download von ${title}`,
  cancel: 'Download abbrechen',
  epochOf: (epoch, epochs) => `Epoche ${epoch} von ${epochs}`,
  stepOf: (step, steps) => `Schritt ${step} von ${steps}`,
  left: (time) => `noch ${time}`,
  speed: (perSecond) => `${perSecond} Bilder/s`,
  progress: 'Fortschritt des Laufs',
  step: 'Ein Schritt',
  stepHint: 'Trainiert einen Batch und hält wieder an',
  seed: 'Anderer Seed',
  seedHint: (seed) => `Startet neu mit Seed ${seed}`,
};

export const TILES: Translated<typeof english.TILES> = {
  loss: 'Verlust',
  accuracy: 'Genauigkeit',
  valLoss: 'Val.-Verlust',
  valAccuracy: 'Val.-Genauigkeit',
  testAccuracy: 'Testgenauigkeit',
  speed: 'Bilder/s',
};

export const EPOCHS: Translated<typeof english.EPOCHS> = {
  title: 'Epochen',
  epoch: 'Epoche',
  loss: 'Verlust',
  accuracy: 'Genauigkeit',
  valLoss: 'Val.-Verlust',
  valAccuracy: 'Val.-Genauigkeit',
  rate: 'Lernrate',
  seconds: 'Zeit',
  best: 'kleinster Validierungsverlust: Epoche',
};

export const PAGER: Translated<typeof english.PAGER> = {
  first: 'Anfang',
  previous: 'Früher',
  next: 'Später',
  last: 'Ende',
  rows: (from, to, all) => `Zeilen ${from} bis ${to} von ${all}`,
};

export const CHOOSER: Translated<typeof english.CHOOSER> = {
  first: 'Erstes',
  previous: 'Voriges',
  next: 'Nächstes',
  random: 'Zufällig',
};

export const LINK: Translated<typeof english.LINK> = {
  copy: 'Link kopieren',
  hint: 'Kopiert die Adresse dieses Labors: Experiment, Änderungen, Daten, Engine, Seed und Ansicht',
  copied: 'Kopiert',
  failed: (address) => `Dieser Browser lässt die Seite nicht kopieren. Die Adresse ist: ${address}`,
};

export const LANGUAGE: Translated<typeof english.LANGUAGE> = { label: 'Sprache' };
