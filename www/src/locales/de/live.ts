import type { Translated } from '../../base/localized';
import type * as english from '../../live/text';

export const LIVE: Translated<typeof english.LIVE> = {
  title: 'Vom Bild zur Vorhersage',
  network: 'Das Netz',
  sees: 'Was es sieht',
  another: 'Ein anderes Bild',
  image: (truth) => `Ein Testbild: „${truth}“`,
  untrained: (guess, truth, share) =>
    guess === truth
      ? `Noch nicht trainiert: Seine Gewichte sind zufällig. Es sagt dazu „${guess}“ (${share}), zufällig richtig.`
      : `Noch nicht trainiert: Seine Gewichte sind zufällig. Es sagt zu „${truth}“ „${guess}“ (${share}).`,
  trained: (guess, truth, share, epochs) =>
    guess === truth
      ? `Nach ${epochs} erkennt es „${truth}“ (${share}).`
      : `Nach ${epochs} hält es „${truth}“ für „${guess}“ (${share}).`,
  waiting: 'Hier erscheint die Vorhersage.',
  heavy: 'Dieses Netz ist groß: Seine Vorhersage wird berechnet, sobald das Training begonnen hat.',
  probabilities: 'Die wahrscheinlichsten Klassen',
  filters: (layer) => `Filter von ${layer}`,
  maps: (layer) => `Merkmalskarten von ${layer}`,
  dozen: 'Testbilder',
  right: (some, all) => `${some} von ${all} richtig`,
  guess: (index, truth, guess, share) => `Testbild ${index}, „${truth}“: vorhergesagt als „${guess}“ mit ${share}`,
  start: 'Drücke „Start“: Filter, Karten und Vorhersagen ändern sich, während es lernt.',
};

export const NEXT: Translated<typeof english.NEXT> = {
  title: 'Und jetzt?',
  good: (accuracy, wrong, test) =>
    `Das Netz liegt bei ${accuracy} der ${test} Testbilder richtig und bei ${wrong} falsch.`,
  chance: (accuracy, chance) =>
    `Das Netz liegt bei ${accuracy} der Testbilder richtig; Raten würde ${chance} erreichen. Es hat kaum etwas gelernt.`,
  gap: (train, validation) =>
    ` Auf seinen Trainingsbildern erreicht es ${train}, auf den Validierungsbildern ${validation}: Einige davon hat es auswendig gelernt.`,
  synthetic: ' Das waren synthetische Bilder; echte sind schwerer.',
  mistakes: 'Seine Fehler ansehen',
  seed: 'Mit einem anderen Seed trainieren',
  compare: (count) => `Mit ${count} vergleichen`,
  network: 'Das Netz ändern',
  longer: (epochs) => `${epochs} Epochen trainieren`,
  real: 'Die echten Bilder benutzen',
};

export const EXPERIMENTS: Translated<typeof english.EXPERIMENTS> = {
  title: 'Experimente',
  close: 'Schließen',
  size: (params, macs) => `${params} Parameter, ${macs} Multiplikationen mit Addition (MACs) je Bild`,
};
