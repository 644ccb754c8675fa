import type { Translated } from '../../base/localized';
import type * as host from '../../embed/host-text';
import type * as english from '../../embed/text';

const WHAT = {
  experiment: { this: 'Das Experiment', a: 'ein Experiment' },
  assignment: { this: 'Die Aufgabe', a: 'eine Aufgabe' },
  lesson: { this: 'Die Lektion', a: 'eine Lektion' },
};
type What = keyof typeof WHAT;

export const HOST: Translated<typeof host.HOST> = {
  waiting: 'Dieses Labor startet, wenn es ins Bild kommt.',
  attribute: (name, expects, received) =>
    `Das Attribut ${name} von <conv-lab> muss Folgendes sein: ${expects}. Erhalten: „${received}“.`,
  notStarted: 'Das Labor ist nicht in der Seite und kann deshalb nicht laufen. Füge das Element erst ins Dokument ein.',
  removed: 'Das Labor wurde aus der Seite entfernt oder neu gestartet; es antwortet nicht mehr.',
  nothingYet: 'Noch ist nichts trainiert. Rufe start() auf und warte auf convlab-done.',
  nameNeeded: 'Gib erst deinen Namen oder deine Nummer an.',
};

export const EMBED: Translated<typeof english.EMBED> = {
  loading: 'Das Labor wird geladen…',
  label: (title) => `Convlab: ${title}`,
  open: 'Im ganzen Labor öffnen',
  notJson: (why) => `Das Experiment von <conv-lab> ist kein gültiges JSON: ${why}`,
  unknown: (names, known) =>
    `Die Adresse dieses Rahmens setzt ${names}; das kann sie nicht. Setzen kann sie: ${known}.`,
  notAddress: (what, received) =>
    what !== 'lesson'
      ? `${WHAT[what].this} von <conv-lab> muss der Name eines Experiments, ein JSON-Dokument oder eine Adresse sein, die mit https:// oder http:// beginnt. Erhalten: „${received}“.`
      : `Die Lektion muss eine Adresse haben, die mit https:// oder http:// beginnt, oder eine relativ zur Seite. Erhalten: „${received}“.`,
  notAgreed: (what, url) => `${WHAT[what as What].this} ${url} wurde nicht geladen, weil du es nicht erlaubt hast.`,
  tooLarge: (what, most) => `mehr als ${most >> 20} MB, und das hat ${WHAT[what as What].a} nie`,
  notFetched: (what, url, why) => `${WHAT[what as What].this} ${url} ließ sich nicht laden: ${why}.`,
  noAnswer:
    'das Netzwerk ist ausgefallen, oder die andere Website antwortet nicht oder lässt Seiten nicht darauf zugreifen (CORS)',
  parameters: (count) => `${count} Parameter`,
  tableEmpty: 'Die Tabelle füllt sich während des Trainings.',
  question: {
    title: (what, host) => `${what === 'experiment' ? 'Ein Experiment' : 'Eine Lektion'} von ${host} laden?`,
    experiment:
      'Dieses Labor ist auf ein Experiment einer anderen Website eingestellt. Wird es geladen, erfährt diese von deinem Besuch. Das Experiment ist nur die Beschreibung eines Netzes: Es kann keinen Code ausführen.',
    lesson:
      'Diese Lektion ist ein Dokument einer anderen Website. Wird sie geladen, erfährt diese von deinem Besuch. Die Lektion besteht aus Text, Fragen und Beschreibungen von Netzen: Sie kann keinen Code ausführen.',
    yes: 'Laden',
    no: 'Nicht laden',
  },
  about: 'Über dieses Experiment',
  guess: {
    title: 'Erst schätzen',
    ask: (epochs) => `Welchen Anteil der Testbilder wird das Netz nach ${epochs} richtig erkennen?`,
    label: 'Meine Schätzung, in Prozent',
    commit: 'Das ist meine Schätzung',
    invalid: 'Gib eine Zahl von 0 bis 100 an.',
    made: (guess) => `Deine Schätzung: ${guess}.`,
    result: (guess, reached, off) =>
      `Du hast ${guess} geschätzt, das Netz hat ${reached} erreicht: ${off} Prozentpunkte Unterschied.`,
    close: 'Sehr nah dran!',
    over: 'Das Netz war schlechter, als du dachtest. Warum?',
    under: 'Das Netz war besser, als du dachtest. Warum?',
  },
  assignment: {
    title: (title) => `Aufgabe: ${title}`,
    until: (when) => `Abgabe bis ${when}.`,
    passed: (when) => `Abgabeschluss war ${when}. Was jetzt abgegeben wird, ist verspätet.`,
    name: 'Dein Name oder deine Nummer',
    nameHint: 'Steht danach in der Datei, die du abgibst, und im Dateinamen.',
    seedHint:
      'Dein Lauf bekommt daraus seinen eigenen Seed; schreib ihn also so, wie deine Lehrkraft ihn kennt. Er steht auch in der Datei, die du abgibst.',
    begin: 'Anfangen',
    by: 'Bearbeitet von',
    seed: (seed) => `, Seed ${seed}.`,
    other: 'Ein anderer Name',
    option: (path) => `Das darfst du ändern: ${path}`,
    open: (count) => `${count} ohne Antwort. Du kannst oben noch antworten.`,
  },
  handIn: {
    title: 'Abgeben',
    text: 'Die Datei enthält das Experiment, seinen Seed, alle Zahlen des Laufs und einen Bericht. Deine Lehrkraft kann den Lauf mit Convlab wiederholen, um ihn zu prüfen.',
    name: 'Dein Name',
    button: 'Abgabe herunterladen',
    preparing: 'Wird vorbereitet…',
    portable:
      'Dieser Lauf hat so gerechnet, wie es auf jedem Computer gleich ist; die Prüfung ist also bis aufs letzte Bit genau.',
  },
};
