import type { Translated } from '../../base/localized';
import type * as english from '../../run/text';

export const RUN: Translated<typeof english.RUN> = {
  stepTime: (ms) => `${ms} ms je Schritt`,
  device: {
    title: 'Engine und Gerät',
    engine: 'Engine',
    device: 'Gerät',
    why: 'Warum',
    build: 'WebAssembly-Build',
    steps: 'Schritte je Epoche',
    samples: 'Bilder',
    seed: 'Seed',
  },
  samples: (train, validation, test) => `${train} Training, ${validation} Validierung, ${test} Test`,
  stoppedEarly: 'Early Stopping hat diesen Lauf beendet: Die beobachtete Größe wurde nicht mehr besser.',
};

export const ANNOUNCE: Translated<typeof english.ANNOUNCE> = {
  epoch: (epoch, epochs, loss, accuracy) => `Epoche ${epoch} von ${epochs}: Verlust ${loss}, Genauigkeit ${accuracy}`,
  validation: (loss, accuracy) => `, Validierungsverlust ${loss}, Validierungsgenauigkeit ${accuracy}`,
  done: (accuracy) => `Training beendet. Testgenauigkeit ${accuracy}.`,
};

export const CONTROLS: Translated<typeof english.CONTROLS> = {
  rate: 'Lernrate ab dem nächsten Schritt',
  rateSet: 'Setzen',
  rateInvalid: (received) => `Die Lernrate muss eine Zahl über null sein. Erhalten: „${received}“.`,
  scale: { '÷ 10': 0.1, '÷ 2': 0.5, '× 2': 2 },
  scheduled: 'Der Verlauf geht von dort weiter: Seine späteren Raten werden mit demselben Faktor skaliert.',
  changed: (rate, epoch, step) => `Lernrate ${rate} ab Epoche ${epoch}, Schritt ${step}`,
  changes: 'Von Hand geändert',
};

export const KEPT: Translated<typeof english.KEPT> = {
  title: (run) => `Den Lauf von „${run}“ fortsetzen?`,
  where: (epoch, epochs, step, steps, when) =>
    `${epoch} von ${epochs} Epochen fertig, Schritt ${step} von ${steps}, gespeichert ${when}. Es geht genau an diesem Schritt weiter.`,
  today: (time) => `heute um ${time}`,
  resume: 'Fortsetzen',
  discard: 'Verwerfen',
  discarded: (run) => `Der gespeicherte Lauf von „${run}“ ist verworfen.`,
  undo: 'Rückgängig',
  discardLabel: (run) => `Den gespeicherten Lauf von „${run}“ verwerfen`,
  notKept: (why) =>
    `Dieser Lauf ließ sich nicht für später behalten: ${why}. Das Training geht weiter, aber der Lauf ist verloren, wenn die Seite geschlossen wird. Um ihn zu behalten, speichere unter „Ergebnisse“ einen Checkpoint.`,
};
