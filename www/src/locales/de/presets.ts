/** The built-in experiments: titles and descriptions, by id. */
import type { Catalogue } from '../../base/localized';

export const presets: Catalogue['presets'] = {
  alexnet: {
    title: 'AlexNet: ein Kostenblatt',
    text: `**Frage.** Was hat das Netz gekostet, das 2012 ImageNet gewann: wie viele Werte im Speicher, wie viele Parameter, wie viele Multiplikationen, wie viele Sekunden? Hier wird es gezählt, nicht trainiert: Seine 1.2 Millionen Bilder von 227 × 227 Pixeln passen nicht in einen Browser-Tab. Öffne sein Kostenblatt.

**Achte darauf.** Neun Zehntel der Parameter sitzen in den dichten Schichten, neun Zehntel der Multiplikationen in den Faltungen. Zähle eine Schicht von Hand: O = (227 − 11) / 4 + 1 = 55, also 55 · 55 · 96 = 290 400 Werte und ((11 · 11 · 3) + 1) · 96 = 34 944 Parameter.

**Die Quellen** zählen verschieden. Eine lässt bei ihren Faltungen die Eingabekanäle und die Bias-Werte weg und vertauscht in der Speichersumme zwei Ziffern; das Kostenblatt zeigt beide neben den berechneten Zahlen und sagt, wo sie abweichen.`,
  },
  'cifar10-fast': {
    title: 'Das Rekordrezept für CIFAR-10',
    text: `**Frage.** Wie wenig Arbeit reicht für 94 % auf CIFAR-10? Jordan, „94% on CIFAR-10 in 3.29 Seconds on a Single GPU“, 2024 (airbench94): eine erste Schicht, die Bildausschnitte dekorreliert (Whitening) und nicht trainiert wird, Faltungen, die als Identität beginnen, Bias-Werte der Normalisierungen, die 64-mal so schnell lernen, geglättete Labels, Lookahead, jedes Bild in jeder zweiten Epoche gespiegelt, und ein Test, der sechs Ansichten mittelt.

**Achte darauf.** Welche dieser Ideen trägt? Nimm eine nach der anderen weg: Jede ist eine Zeile des Dokuments. Die letzten Schritte, in denen die Lernrate fällt, bringen mehrere Prozentpunkte.

**Die Quelle.** Ihre Autoren berichten 94.0 % auf den Originaldateien nach 9.9 Epochen, im Mittel über viele Seeds. Diese Zahl ist ihre, und sie gilt für jene Dateien.`,
  },
  'cifar10-quick': {
    title: 'CIFAR-10 in einer Unterrichtsstunde',
    text: `**Frage.** Wie weit kommen wenige Minuten Arbeit auf CIFAR-10? Das Rekordrezept (\`cifar10-fast\`) mit halb so vielen Kanälen, Batches von 512 und 4 Epochen: weniger als ein Achtel seiner Arbeit.

**Achte darauf.** Was trägt das Rezept? Nimm eine Idee nach der anderen weg: die Whitening-Schicht am Anfang, die Bias-Werte, die 64-mal so schnell lernen, Lookahead, die in jeder zweiten Epoche gespiegelten Bilder. Jede ist eine Zeile des Dokuments.

**Unser Ergebnis** 85.5 % der Testbilder (Seed 0), auf Dateien, die neu als JPEG kodiert waren.`,
  },
  'conv-only': {
    title: 'CIFAR-10: Faltungen ohne Pooling',
    text: `**Frage.** Kommen Faltungen ohne Pooling aus? Sieben Stück, gar kein Pooling: Die Bilder schrumpfen nur dort, wo das Padding \`valid\` ist; die letzte Merkmalskarte ist also 14 × 14 × 64, und die dichte Schicht danach hat 802 880 der 1 191 502 Parameter.

**Achte darauf.** Überanpassung: Die Trainingsgenauigkeit steigt weiter, während der Validierungsverlust umkehrt. Finde diese Epoche, und vergleiche mit \`conv-pool\`, das halb so viele Parameter hat. Die letzte Schicht hat kein Softmax: Sie gibt Logits, und aus ihnen wird der Verlust berechnet.

**Der Lauf der Quelle** (Testdaten als Validierung). 44.4 % nach Epoche 1, 66.3 % bestenfalls, 65.04 % am Ende, bei 84.5 % auf den Trainingsdaten: Ab etwa Epoche 8 passt es sich über.

**Unser Ergebnis** Die ersten vier Epochen, 43 Minuten auf einem beschäftigten Prozessor, Seed 3: 44.8 % der Testbilder nach Epoche 1 (die Quelle: 44.4) und 56.6 % nach Epoche 4, Training 57.5 %; noch keine Überanpassung. Seed 0 kam nie über 10 % hinaus: Neun Schichten ohne Normalisierung geben am Anfang so wenig weiter, dass manche Starts scheitern. Probiere es aus, und sieh dir die toten Einheiten unter **Innen** an: Die letzte Faltung und die dichte Schicht sind ganz tot. Keras geht es ebenso: Von vier Starts stand dort einer nach 200 Schritten noch bei 10 %, von fünf unserer Starts zwei.`,
  },
  'conv-pool': {
    title: 'CIFAR-10: dieselben Faltungen mit Pooling',
    text: `**Frage.** Was bringt Pooling gegenüber \`conv-only\`? Dieselben Kernel und Breiten, Padding \`same\` statt \`valid\`, und drei Max-Poolings, von denen zwei sich nur um einen Pixel bewegen und das Bild also kaum verkleinern.

**Achte darauf.** Halb so viele Parameter (589 390), weil die dichte Schicht 3 136 statt 12 544 Werte sieht; aber viel mehr Multiplikationen in der Mitte, 193.7 Millionen je Bild, denn die 7 × 7-Faltungen laufen jetzt über 30 × 30 Pixel. Verallgemeinert es besser? Wann passt es sich über?

**Der Lauf der Quelle** (Testdaten als Validierung). 69.0 % bestenfalls, 67.19 % am Ende: etwa drei Prozentpunkte besser als ohne Pooling.

**Unser Ergebnis** Die ersten zwei Epochen, Seed 0: 44.0 und 52.6 % der Testbilder, wie \`conv-only\` nach seinen ersten zwei (44.8 und 52.6 %); was Pooling bringt, zeigt sich erst später.`,
  },
  'inception-mini': {
    title: 'Inception im Kleinen: mehrere Kernelgrößen nebeneinander',
    text: `**Frage.** Welche Kernelgröße ist die richtige? Szegedy und andere, 2014, nehmen mehrere zugleich: 1 × 1, 3 × 3, 5 × 5 und ein Maximum, deren Ausgaben nebeneinandergestellt werden (\`concatenate\`). Faltungen von 1 × 1 verringern zuerst die Kanäle, damit die breiten Kernel wenig kosten.

**Achte darauf.** Im Modell auf die Arbeit jedes Zweigs: Ohne die 1 × 1-Faltungen davor bräuchten die 5 × 5-Kernel den größten Teil. Entferne einen Zweig und sieh, was er wert war.

**Die Quelle** ist ein Netz von 22 Schichten für ImageNet; für CIFAR-10 nennt sie keine Zahl.`,
  },
  'lenet-5': {
    title: 'LeNet-5: das erste Faltungsnetz',
    text: `**Frage.** Wie sahen Faltungsnetze aus, als sie neu waren? LeCun, Bottou, Bengio und Haffner, 1998: zwei Faltungen mit tanh, Mittelwerte statt Maxima, und die meisten Parameter in den dichten Schichten. Wie heute üblich liest die zweite Faltung alle Karten, und die letzte Schicht ist ein Softmax.

**Achte darauf.** Wie weit zehn Epochen mit 61 706 Parametern kommen. Setze dann ReLU und Maxima an die Stelle von tanh und Mittelwerten.

**Die Quelle.** 0.95 % Fehler auf den Testdaten nach zwanzig Epochen ihres eigenen Trainingsverfahrens; 0.8 % mit verzerrten Bildern.`,
  },
  maxnorm: {
    title: 'CIFAR-10: ein begrenzter Stapel aus Faltungen',
    text: `**Frage.** Was bewirken Dropout und eine Schranke für die Normen der Gewichte (MaxNorm) gegen Überanpassung? Sieben Faltungen, eine davon 1 × 1 und eine 9 × 9, nach der ersten nur zwölf Kanäle breit, dann eine dichte Schicht, die 393 728 der 417 058 Parameter enthält (1.59 MB).

**Achte darauf.** Die Validierungsgenauigkeit liegt in den ersten Epochen *über* der Trainingsgenauigkeit: Dropout ist beim Training an und beim Validieren aus, und die Trainingszahl ist ein Mittel über eine Epoche, in der das Netz noch besser wurde. Die Lernrate fällt mit jedem Schritt: lr / (1 + decay · step), decay = 0.01 / 25. Die Labels sind hier One-Hot-Vektoren (\`categorical_crossentropy\`); der Verlust ist dieselbe Zahl.

**Der Lauf der Quelle.** Trainingsgenauigkeit 30.14 % nach Epoche 1, 61.67 % nach 10, 71.66 % nach 25; Validierung (auf den Testdaten) 43.33, 59.63 und 64.49 %. Verlust von 1.8958 auf 0.7882, Validierungsverlust von 1.5456 auf 1.0221. Die Dropout-Raten und die Norm nennt sie nicht; hier sind es 0.2, 0.5 und 3, über die Achse, die Keras vorgibt.

**Unser Ergebnis** 64.47 % der Testbilder nach 25 Epochen, Seed 0, wo die Quelle 64.49 hat; Trainingsgenauigkeit 28.2 % nach Epoche 1, 63.0 % nach 10 und 73.0 % nach 25, Validierung 41.2, 60.9 und 64.5 %. Der Verlust endet bei 0.753, der Validierungsverlust bei 1.021. In den ersten fünf Epochen liegt die Validierung vor dem Training, am Ende neun Prozentpunkte dahinter.`,
  },
  'mnist-10-better': {
    title: 'MNIST: alle Tricks der Liste auf einmal',
    text: `**Frage.** Wie viel bringen die üblichen Mittel gegenüber \`mnist-10\`? Die Faltungen behalten ihre Größen; hinzu kommen Batch-Normalisierung, ein wenig Dropout, kleine zufällige Drehungen, Verschiebungen und Zooms, eine Lernrate, die einmal steigt und fällt, und Early Stopping, das zur besten Epoche zurückkehrt.

**Achte darauf.** Jedes Mittel ist ein Schalter: Nimm eines heraus und starte noch einmal. Mit Augmentierung werden die Trainingszahlen *schlechter* als die Validierungszahlen, denn die Trainingsbilder sind schwerer: Das ist kein Fehler. Auch Spiegeln steht auf der Liste der Quelle und lässt sich hinzufügen (\`random_flip\`), aber lass es weg: Eine gespiegelte 2 ist keine Ziffer, und eine gestürzte 6 sieht aus wie eine 9. Early Stopping braucht Bilder, mit denen weder trainiert noch getestet wird; deshalb validiert das letzte Zehntel der Trainingsdaten, und die Testdaten werden nur einmal berührt, am Ende.

**Die Quelle** nennt die Mittel als Zusatzfrage und gibt keine Zahlen.

**Unser Ergebnis** 99.27 % der Testbilder (Seed 0, 15 Epochen), gegenüber 98.67 % bei \`mnist-10\`: Fast die Hälfte der Fehler ist weg, mit denselben Faltungen und 28 trainierten Parametern mehr. Die Trainingsgenauigkeit, auf den schwereren Bildern, endet unter der Validierung.`,
  },
  'mnist-10': {
    title: 'MNIST: zehn Ziffern mit 6 270 Parametern',
    text: `**Frage.** Wie wenig braucht ein Netz, um handgeschriebene Ziffern zu lesen? Drei kleine Faltungen, zwei überlappende Max-Poolings (Schrittweite 1), ein mittelndes Pooling und eine einzige dichte Schicht: 6 270 Parameter, weniger als eine dichte Schicht mit 8 Einheiten auf den rohen Pixeln hätte.

**Achte darauf.** Auf den Sprung der ersten Epoche, und wie wenig die anderen neun hinzufügen. Welche Ziffern die Konfusionsmatrix verwechselt: 4 mit 9, 7 mit 2, 3 mit 5. Prüfe die Parameterzahlen von Hand: ((7 · 7 · 1) + 1) · 16 = 800, ((5 · 5 · 16) + 1) · 8 = 3 208, ((3 · 3 · 8) + 1) · 4 = 292, (196 + 1) · 10 = 1 970.

**Die Quelle** nennt dieselben vier Zahlen, keinen Parameter, der nicht trainiert wird, und Genauigkeit und Verlust von zehn Epochen mit den Testdaten als Validierung.

**Unser Ergebnis** 98.67 % der Testbilder richtig nach zehn Epochen (Training 98.80 %, Seed 0); die erste Epoche allein gibt 96.96 %. Training und Validierung bleiben beisammen: 6 270 Parameter sind zu wenige, um 60 000 Bilder auswendig zu lernen.`,
  },
  'mnist-99': {
    title: 'MNIST: 99 % in Sekunden',
    text: `**Frage.** Wie wenig Arbeit reicht für 99 % auf MNIST? Eine Epoche: Jedes Bild wird einmal gesehen. Batch-Normalisierung nach jeder Faltung, eine Lernrate, die geradlinig steigt und fällt, und Momentum mit Nesterovs Vorausblick machen das möglich.

**Achte darauf.** Die Genauigkeit springt am Ende, wenn die Lernrate fällt. Stelle eine feste Lernrate ein, oder nimm die Batch-Normalisierung heraus: Wie viele Epochen brauchen 99 % jetzt?

**Unser Ergebnis** 99.19, 99.26 und 99.18 % der Testbilder mit den Seeds 0, 1 und 2. Drei Viertel einer Epoche reichen nicht ganz für jeden Seed.`,
  },
  'mnist-4': {
    title: 'MNIST: die Ziffern in vier Gruppen',
    text: `**Frage.** Sind vier Gruppen ähnlicher Ziffern leichter zu unterscheiden als zehn Ziffern? Die Labels werden vor dem Training zusammengefasst: {0, 6}, {1, 7}, {2, 3, 8, 5} und {4, 9}. Das Netz ist das von \`mnist-10\` mit vier Ausgaben: 5 088 Parameter.

**Achte darauf.** Die Paare, die \`mnist-10\` am meisten verwechselt, sind jetzt in einer Gruppe; seine schlimmsten Fehler zählen also nicht mehr. Fasse die Zeilen und Spalten der Konfusionsmatrix von \`mnist-10\` zu denselben vier Gruppen zusammen und vergleiche: Ist Training auf vier Gruppen besser, als die Vorhersagen des Netzes mit zehn Klassen zusammenzufassen?

**Die Quelle** trainiert es genau wie das Netz mit zehn Klassen und zeigt die 4 × 4-Konfusionsmatrix.

**Unser Ergebnis** 99.11 % der Testbilder (Seed 0). Die Vorhersagen von \`mnist-10\`, zu diesen vier Klassen zusammengefasst, sind zu 99.18 % richtig: Das Training auf den zusammengefassten Labels bringt nichts, denn die meisten verbleibenden Fehler liegen zwischen Klassen, die getrennt bleiben.`,
  },
  'mobile-18': {
    title: 'CIFAR-100: 18 Schichten, tiefenweise separierbar',
    text: `**Frage.** Was kostet es, Arbeit zu sparen? Jede 3 × 3-Faltung von \`plain-18\` wird zu einer tiefenweisen 3 × 3 (ein Fenster je Kanal) und einer punktweisen 1 × 1 (die die Kanäle mischt): D² · M + M · N Multiplikationen je Pixel statt D² · M · N. 1 326 052 trainierte Parameter und 66.8 Millionen MACs, von beidem ein Achtel.

**Achte darauf.** Ist es achtmal so schnell? Tiefenweise Faltungen rechnen wenig für den Speicher, den sie lesen; es wird also weniger Zeit als Arbeit gespart. Wie viel Genauigkeit geht verloren? Es läuft auch auf CIFAR-10: Setze den Datensatz auf \`cifar10\` und die dichte Schicht auf 10 Einheiten; begrenze auf einem langsamen Gerät die Trainingsdaten.

**Der Lauf der Quelle.** Trainingsverlust bis 0.100, 61.49 % auf den Testdaten: neun Prozentpunkte weniger als das einfache Netz.

**Unser Ergebnis** Ein Teil davon, auf CIFAR-10: 2 000 Trainings- und 2 000 Testbilder, 4 Epochen, Seed 0 (insgesamt 64 Schritte): Training 14.1 %, Test 13.2 %. Es braucht mehr Schritte als seine zwei Geschwister (35.6 und 40.3 %), um in Gang zu kommen; jeder kostet ein Achtel der Arbeit.`,
  },
  'net-1': {
    title: 'NET I: ein erstes Netz für CIFAR-10',
    text: `**Frage.** Was lernt ein kleines Lehrbuchnetz, und wann hört es auf zu lernen und fängt an, auswendig zu lernen? Drei 3 × 3-Faltungen, jede mit einem 2 × 2-Pooling dahinter, und eine dichte Schicht von 512.

**Achte darauf.** Auf die Epoche mit dem kleinsten Validierungsverlust; danach fällt der Trainingsverlust weiter, und der Validierungsverlust steigt. Prüfe O = (N − F) / S + 1 an den Ausgabeformen (32 → 30 → 15 → 13 → 6 → 4 → 2) und P = ((m · n · C_in) + 1) · C_out an den Zahlen: 896, 18 496, 36 928; insgesamt 193 034, 4.62 Millionen MACs je Bild. Sieh dir das erste Testbild an: Welche Klasse sagt das Netz voraus, und mit welcher Wahrscheinlichkeit?

**Die Quelle** fragt nach den Kurven, der Testgenauigkeit und der Epoche, in der die Überanpassung beginnt; die letzten 20 % der Trainingsdaten validieren.

**Unser Ergebnis** 68.09 % der Testbilder nach 20 Epochen (Seed 0). Der Validierungsverlust war nach Epoche 13 am kleinsten (0.92, Genauigkeit 67.9 %); am Ende stand er bei 1.12, während die Trainingsgenauigkeit bis 83.6 % weitergestiegen war: sieben Epochen Auswendiglernen.`,
  },
  'net-2': {
    title: 'NET II: größere Kernel',
    text: `**Frage.** Sehen größere Fenster mehr? NET I mit 5 × 5-Kerneln und einem Pooling weniger: 686 090 Parameter und achtmal so viele Multiplikationen.

**Achte darauf.** Passt es sich früher über als NET I, und stärker? Vergleiche die Epochen mit dem kleinsten Validierungsverlust, die Abstände danach und die Testgenauigkeiten. Wo sitzen die Parameter? Drei Viertel stecken in der dichten Schicht von 512.

**Die Quelle** bittet, die Überanpassung mit der von NET I zu vergleichen.

**Unser Ergebnis** 66.88 % der Testbilder nach 20 Epochen, Seed 0, einen Prozentpunkt weniger als NET I. Es passt sich früher und stärker über: Der Validierungsverlust war nach Epoche 6 am kleinsten (0.957; NET I: Epoche 13) und endete bei 2.27, während die Trainingsgenauigkeit bis 96.6 % weiterstieg. Die größeren Fenster lernen schneller, und dann lernen sie auswendig.`,
  },
  'net-3': {
    title: 'NET III: tief, breit und gebremst',
    text: `**Frage.** Lässt sich ein viel größeres Netz vom Auswendiglernen abhalten? Sechs Faltungen und drei dichte Schichten, 3 267 306 Parameter; gegen Überanpassung fällt nach jedem Pooling und in den dichten Schichten die Hälfte der Werte weg (Dropout), und große Gewichte der dichten Schichten kosten etwas (L2, 0.0005).

**Achte darauf.** Wie nah Training und Validierung beieinanderbleiben, verglichen mit NET I und NET II. Warum der Verlust so hoch beginnt: Er enthält die L2-Strafe. Was das kostet: 146.8 Millionen MACs je Bild, dreißigmal so viele wie NET I. Das Padding ist \`same\`; mit \`valid\` blieben vor der letzten Faltung keine Pixel übrig.

**Die Quelle** fragt, wie sich die Abweichung zwischen Training und Validierung gegenüber NET I und NET II ändert.

**Unser Ergebnis** Die ersten elf Epochen, Seed 0: Das Training klettert von 29.0 auf 68.9 %, die Validierung von 40.9 auf 66.3 % (am besten 68.3 %, Epoche 9); 69.5 % der Testbilder. Die meiste Zeit liegt die Validierung vorn, denn dort fällt nichts weg, und am Ende ist das Training keine drei Prozentpunkte besser. NET II nach ebenso vielen Epochen: 87.5 und 68.1 %, neunzehn Prozentpunkte auseinander. Die Strafe steckt im Verlust, 2.15 nach der ersten Epoche.`,
  },
  'net-x': {
    title: 'NET X: besser für weniger',
    text: `**Frage.** Kann dein eigenes Netz NET III mit weniger Arbeit schlagen? Dies ist unseres, als Ausgangspunkt. Trainingsarbeit sind MACs je Bild × Bilder × Epochen (das Dreifache davon mit dem Rückwärtsdurchlauf).

**Was anders ist.** Batch-Normalisierung nach jeder Faltung, damit eine hohe Lernrate funktioniert; zwei Abkürzungen (\`add\`) über Paare von Faltungen; ein globaler Mittelwert statt der großen dichten Schichten, in denen die meisten Parameter von NET III sitzen; zufällige Ausschnitte und Spiegelungen statt starkem Dropout; und eine Lernrate, die einmal steigt und auf nichts fällt, damit wenige Epochen reichen.

**Achte darauf.** Auf eine Testgenauigkeit über der von NET III. Nimm eines nach dem anderen weg (die Ausschnitte, die Batch-Normalisierung, den Verlauf der Lernrate) und sieh, was es wert war. Die Quelle stellt nur die Frage.

**Unser Ergebnis** 84.40 % der Testbilder nach 15 Epochen, Seed 0 (Training 88.3 % auf ausgeschnittenen und gespiegelten Bildern). Das sind 360 Millionen MACs für jedes Trainingsbild, weniger als drei Epochen von NET III brauchen (440 Millionen), die 57.2 % erreichen. Elf Epochen von NET III brauchen viereinhalbmal so viel und erreichen 69.5 %; alle zwanzig achtmal so viel. Das letzte Drittel, in dem die Lernrate fällt, bringt die Validierung von 73.7 auf 84.1 %.`,
  },
  'plain-18': {
    title: 'CIFAR-100: 18 einfache Schichten',
    text: `**Frage.** Was bringt Tiefe allein? Ein Stamm, sechzehn 3 × 3-Faltungen in vier Stufen (64, 128, 256, 512 Kanäle), nach jeder Batch-Normalisierung und ReLU, ein globaler Mittelwert und 100 Ausgaben: 11 050 212 trainierte Parameter, 549.2 Millionen MACs je Bild.

**Achte darauf.** Es lernt die Trainingsdaten in 100 Epochen vollständig auswendig. Vergleiche mit \`residual-18\`, das dieselben Schichten und Abkürzungen hat, und mit \`mobile-18\`, das ein Achtel der Arbeit macht. Es läuft auch auf CIFAR-10: Setze den Datensatz auf \`cifar10\` und die dichte Schicht auf 10 Einheiten; begrenze auf einem langsamen Gerät die Trainingsdaten.

**Der Lauf der Quelle.** Trainingsverlust von 3.872 auf 0.014, 70.55 % auf den Testdaten.

**Unser Ergebnis** Ein Teil davon, auf CIFAR-10: 2 000 Trainings- und 2 000 Testbilder, 4 Epochen, Seed 0 (insgesamt 64 Schritte): Training 35.6 %, Test 26.9 %. Die Abkürzungen von \`residual-18\` lernen von der ersten Epoche an schneller (40.3 und 32.5 %).`,
  },
  'residual-18': {
    title: 'CIFAR-100: 18 Schichten mit Abkürzungen',
    text: `**Frage.** Was bringen Abkürzungen? \`plain-18\`, und alle zwei Faltungen wird die Eingabe zu ihrer Ausgabe addiert, sodass ein Block nur einen Unterschied lernen muss. Wo sich die Form ändert, passt eine 1 × 1-Faltung mit Schrittweite 2 sie an: 11 224 932 trainierte Parameter, 555.5 Millionen MACs.

**Achte darauf.** Wie sich Trainingsverlust und Testgenauigkeit Epoche für Epoche zu denen von \`plain-18\` verhalten, bei 1 % mehr Arbeit: Gradienten gehen auf ihrem Weg zu den ersten Schichten unverändert durch die Additionen. Es läuft auch auf CIFAR-10: Setze den Datensatz auf \`cifar10\` und die dichte Schicht auf 10 Einheiten; begrenze auf einem langsamen Gerät die Trainingsdaten.

**Der Lauf der Quelle.** Trainingsverlust bis 0.005, 72.56 % auf den Testdaten: zwei Prozentpunkte mehr als das einfache Netz.

**Unser Ergebnis** Ein Teil davon, auf CIFAR-10: 2 000 Trainings- und 2 000 Testbilder, 4 Epochen, Seed 0 (insgesamt 64 Schritte): Training 40.3 %, Test 32.5 %, gegenüber 35.6 und 26.9 % des einfachen Netzes: von der ersten Epoche an voraus.`,
  },
  'resnet-20': {
    title: 'ResNet-20: Abkürzungen auf CIFAR-10',
    text: `**Frage.** Wie gut ist das Netz, an dem residuales Lernen auf CIFAR-10 gezeigt wurde? He, Zhang, Ren und Sun, 2015: drei Stufen von drei Blöcken, 16, 32 und 64 Filter, ein globaler Mittelwert. Wo sich die Form ändert, passt eine 1 × 1-Faltung die Abkürzung an.

**Achte darauf.** Auf die zwei Stufen der Lernrate: Jede hebt die Testgenauigkeit innerhalb einer Epoche. Nimm die Abkürzungen heraus und vergleiche. Der Artikel trainiert 164 Epochen lang; hier ist es ein Zehntel davon, mit den Stufen an denselben Anteilen des Laufs.

**Die Quelle.** 91.25 % auf den Testdaten (Tabelle 6, nach 64 000 Schritten).`,
  },
  'vgg-small': {
    title: 'VGG im Kleinen: Blöcke von 3 × 3-Faltungen',
    text: `**Frage.** Wie weit tragen kleine Kernel allein? Simonyan und Zisserman, 2014: Zwei 3 × 3-Faltungen sehen so viel wie eine von 5 × 5, mit weniger Gewichten und einer Nichtlinearität mehr; jeder Block halbiert die Seite und verdoppelt die Filter. Dies ist die Idee für 32 × 32 Pixel, in drei Blöcken.

**Achte darauf.** Auf den Abstand zwischen Trainings- und Testgenauigkeit mit und ohne Dropout. Ersetze jedes Paar von Faltungen durch eine von 5 × 5: Wie ändern sich Parameter, Arbeit und Genauigkeit?

**Die Quelle** hat auf ImageNet trainiert; ihre sechzehn Schichten hatten 92.7 % der Labels unter den ersten fünf. Für CIFAR-10 nennt sie keine Zahl.`,
  },
};
