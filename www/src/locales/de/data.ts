import { plural, sentences } from '../../base/format';
import type { Translated } from '../../base/localized';
import type * as camera from '../../data/camera-text';
import type * as chooser from '../../data/chooser-text';
import type * as others from '../../data/others-text';
import type * as english from '../../data/text';

export const DATA: Translated<typeof english.DATA> = {
  syntheticNote:
    'In diesem Tab aus einem Seed erzeugt, in der Form des echten Datensatzes. Gut für einen ersten Blick, ohne Download.',
  incomplete: (title, files) => `${title} ist noch nicht vollständig. Lege auch diese Dateien ab: ${files}.`,
  problems: (count, first) => `${count} Dateien waren nicht zu gebrauchen. Die erste: ${first}`,
  notKept: (title, why) =>
    `Mit ${title} kann trainiert werden, aber der Datensatz ließ sich nicht fürs nächste Mal speichern: ${why}. Schaffe Platz, oder lege die Dateien beim nächsten Besuch wieder ab.`,
  forget: 'Vergessen',
  saveNpz: 'Als eine .npz-Datei speichern',
  saveNpzNote:
    'Die Bilder, wie das Netz sie bekommt, mit Labels und Klassennamen: für NumPy und für den Datensatz „Eigene Bilder“.',
  forgetLabel: (title) => `Die Dateien von ${title}, die dieser Browser behält, vergessen`,
  forgotten: (title) => `${title} wird in diesem Browser nicht mehr behalten.`,
  keptTitle: 'In diesem Browser behalten',
  keptNone: 'Noch nichts. Dateien, die du ablegst oder herunterlädst, bleiben für deinen nächsten Besuch.',
  whereTitle: 'Woher es die Dateien gibt',
  whereFrom: 'Klick auf einen Namen lädt die Datei herunter; lege sie dann oben ab. Gemacht von:',
  whereHub: 'Oder diese Parquet-Dateien mit denselben Bildern:',
  gridTitle: 'Trainingsbilder',
  gridMore: '25 andere zeigen',
  gridFirst: 'Die ersten 25 zeigen',
  countsTitle: 'Trainingsbilder je Klasse',
  unfit: (size, classes) =>
    `Das Netz ist für andere Bilder oder eine andere Zahl von Klassen gemacht. Diese Daten haben Bilder von ${size} und ${classes} Klassen.`,
  fit: 'Netz an diese Daten anpassen',
  facts: {
    train: 'Trainingsbilder',
    validation: 'Validierungsbilder',
    test: 'Testbilder',
    size: 'Bild',
    classes: 'Klassen',
    source: 'Quelle',
  },
  sourceReal: 'echte Daten',
  neededToStart: (title, hasSynthetic) =>
    `${title} ist noch nicht hier, also gibt es nichts zum Trainieren. Lege die Dateien auf dem Labor ab, ${hasSynthetic ? 'wähle sie aus oder lade sie herunter, oder nimm den synthetischen Datensatz' : 'wähle sie aus oder lade sie herunter'}.`,
  range: {
    title: 'Pixelwerte',
    note: (images) =>
      `Der ersten ${images} Trainingsbilder. Jeder Wert wird durch 255 geteilt, bevor das Netz ihn sieht.`,
    before: 'In den Dateien',
    after: 'Wie das Netz sie sieht',
    figures: (least, most, mean, deviation) =>
      `${least} bis ${most}, Mittelwert ${mean}, Standardabweichung ${deviation}`,
    label: (name, figures) => `${name}: ${figures}`,
  },
  merged: {
    title: 'Zusammengefasste Klassen',
    note: 'Dieses Experiment fasst Klassen zusammen: Das Netz wird nur auf den Gruppen trainiert und ausgewertet.',
    count: (images) => `${images} Trainingsbilder`,
    invalid: 'Die Gruppen passen nicht zu diesem Datensatz: Jede Klasse muss zu genau einer Gruppe gehören.',
  },
  augmented: {
    title: 'Augmentierung',
    note: 'Dieselben Bilder, wie das Training sie in verschiedenen Epochen benutzt, von der Engine aus dem Seed des Experiments berechnet.',
    none: 'Dieses Experiment hat keine Augmentierung. Füge eine hinzu, um zu sehen, was sie bewirkt; sie wird Teil des Experiments.',
    original: 'Original',
    epoch: (epoch) => `Epoche ${epoch}`,
    play: 'Epochen abspielen',
    stop: 'Anhalten',
    next: 'Nächste Epochen',
    image: (name, row) => `${name}, ${row}`,
  },
};

export const SOURCES: Translated<typeof english.SOURCES> = {
  note: (about, size, grey, train, test, download) =>
    `${about}, ${size}, ${grey ? 'grau' : 'farbig'}: ${train} zum Trainieren und ${test} zum Testen. ${download}`,
};

export const GET: Translated<typeof english.GET> = {
  get: (title, what) => `${title} holen (${what})`,
  sizeFrom: (size, host) => `${size} von ${host}`,
  consent: (what, others) =>
    `Das lädt ${what} in diesen Browser und behält es für deinen nächsten Besuch. Die andere Website sieht deine Netzwerkadresse, wie bei jedem Download.${others.length > 0 ? ` Wenn sie nicht antwortet, wird ${others.join(', dann ')} gefragt.` : ''}`,
  confirm: 'Herunterladen',
  refuse: 'Nicht jetzt',
  cancel: 'Download abbrechen',
  fetching: (title) => `${title} wird heruntergeladen.`,
  cancelled: (title) => `Der Download von ${title} wurde abgebrochen.`,
  failed: (title, reasons) =>
    `${title} konnte nicht heruntergeladen werden: ${sentences(reasons)} Du kannst die Dateien auch von Hand herunterladen und hier ablegen; die Ansicht „Daten“ nennt sie.`,
};

export const SET_CHOOSER: Translated<typeof chooser.SET_CHOOSER> = {
  title: 'Datensatz dieses Experiments',
  set: 'Datensatz',
  setNote:
    'Ein anderer Datensatz wird Teil des Experiments; Eingabe und Ausgaben des Netzes werden angepasst. Zusammengefasste Klassen, Begrenzungen und Klassennamen des vorigen entfallen.',
  validation: 'Validierungsbilder',
  kinds: { share: 'Ein Anteil', test: 'Die Testdaten', none: 'Keine' },
  notes: {
    share:
      'Der letzte Teil der Trainingsbilder; bei eigenen Bildern ein Anteil jeder Klasse. Mit ihnen wird nicht trainiert.',
    test: 'So machen es manche Berichte. Wer Epochen oder Optionen nach den Testdaten wählt, bekommt eine zu gute Testgenauigkeit.',
    none: 'Mit allen Trainingsbildern wird trainiert, und Überanpassung ist während des Laufs nicht zu sehen.',
  },
  share: 'Anteil in Prozent',
  shareInvalid: (received) => `Ein Anteil ist eine Zahl zwischen 0 und 100 Prozent. Erhalten: „${received}“.`,
};

export const CAMERA: Translated<typeof camera.CAMERA> = {
  open: 'Kamera benutzen',
  title: 'Kamera',
  how: 'Halte einen Knopf gedrückt, und die Klasse füllt sich mit Bildern. Drehe und bewege den Gegenstand, damit sie sich unterscheiden. Kein Bild verlässt diesen Browser.',
  className: (number) => `Klasse ${number}`,
  nameLabel: (number) => `Name von Klasse ${number}`,
  nameInvalid: (received) =>
    `Der Name einer Klasse hat 1 bis 64 Zeichen, keinen Schrägstrich und ist nicht der einer anderen Klasse. Erhalten: „${received}“.`,
  hold: 'Zum Aufnehmen halten',
  holdLabel: (name) => `Halten, um ${name} aufzunehmen`,
  count: (frames) => plural(frames, 'Aufnahme', 'Aufnahmen'),
  clear: 'Leeren',
  add: 'Klasse hinzufügen',
  use: (frames) => `Diese ${frames} Bilder benutzen`,
  close: 'Kamera schließen',
  failed:
    'Die Kamera war nicht zu benutzen. Vielleicht benutzt sie ein anderes Programm; schließe es und versuche es noch einmal.',
  problems: {
    NotAllowedError:
      'Die Kamera wurde verweigert. Erlaube sie dieser Seite in der Adressleiste des Browsers, oder nimm stattdessen Bilddateien.',
    NotFoundError: 'Dieses Gerät hat keine Kamera. Nimm stattdessen Bilddateien.',
    NotSupportedError:
      'Browser geben Seiten eine Kamera nur über https oder von localhost. Öffne die Seite so, oder nimm stattdessen Bilddateien.',
  },
};

export const OTHER_SET: Translated<typeof others.OTHER_SET> = {
  fits: (title) => `Das sind die Dateien von ${title}; dieses Experiment benutzt sie nicht.`,
  images: 'Das sind Bilddateien; dieses Experiment benutzt keine.',
  open: (title) => `„${title}“ damit öffnen`,
  useImages: 'Als eigene Bilder benutzen',
  several: (title) =>
    `Diese Dateien enthalten mehrere Datensätze, die zu ${title} passen, und eine Mischung wäre falsch. Welcher soll benutzt werden?`,
};
