/** Sentences of data files, of the cost sheet of the tools, and of the written pages, by their English. */
import { schema } from './schema';

export const phrases: Record<string, string> = {
  ...schema,

  // The known data sets.
  'Own images': 'Eigene Bilder',
  'Image files': 'Bilddateien',
  'Parquet file': 'Parquet-Datei',
  'Drawn digits (synthetic)': 'Gezeichnete Ziffern (synthetisch)',
  'Drawn objects (synthetic)': 'Gezeichnete Objekte (synthetisch)',
  'Handwritten digits': 'Handgeschriebene Ziffern',
  Clothes: 'Kleidung',
  'Photographs in 10 classes': 'Fotos in 10 Klassen',
  'Photographs in 100 classes': 'Fotos in 100 Klassen',
  'Digits of house numbers': 'Ziffern von Hausnummern',
  'Four files, 11 MB.': 'Vier Dateien, 11 MB.',
  'Cursive Japanese characters': 'Japanische Schriftzeichen in Kursivschrift',
  'Four files with the names of MNIST’s, 21 MB.': 'Vier Dateien mit den Namen der MNIST-Dateien, 21 MB.',
  'Four files with the names of MNIST’s, 30 MB.': 'Vier Dateien mit den Namen der MNIST-Dateien, 30 MB.',
  'One archive (either one), 160 MB.': 'Ein Archiv (eines von beiden), 160 MB.',
  'Two files, 246 MB.': 'Zwei Dateien, 246 MB.',

  // Experiments of the lessons.
  'A large network, 200 images': 'Ein großes Netz, 200 Bilder',
  'The first network, a hundred times faster': 'Das erste Netz, hundertmal so schnell',

  // Devices of the cost sheet.
  'i3 of the course: 3.06 GHz, 2.5 free': 'i3 des Kurses: 3.06 GHz, 2.5 frei',
  'Two cores, four threads, 4 GB; other programs leave 2.5 of its 3.06 GHz free.':
    'Zwei Kerne, vier Threads, 4 GB; andere Programme lassen 2.5 seiner 3.06 GHz frei.',
  'this device': 'dieses Gerät',
  'Its cores are known; a page cannot read its clock, so enter it. Measuring is better.':
    'Seine Kerne sind bekannt; seinen Takt kann eine Seite nicht lesen, gib ihn also ein. Messen ist besser.',
  'a phone: 2 GHz, 4 fast cores': 'ein Telefon: 2 GHz, 4 schnelle Kerne',
  'Four fast cores, about 4 GB for all programs; it becomes slower as it gets warm.':
    'Vier schnelle Kerne, etwa 4 GB für alle Programme; wird langsamer, wenn es warm wird.',

  // AlexNet beside its two sources.
  'The second source counts m · n · C_out: it leaves out the input channels and the biases. A kernel is as deep as its input, so m · n must be multiplied by C_in too.':
    'Die zweite Quelle zählt m · n · C_out: Sie lässt die Eingabekanäle und die Bias-Werte weg. Ein Kernel ist so tief wie seine Eingabe; m · n muss also auch mit C_in multipliziert werden.',
  'The second source leaves out the biases, one for each output.':
    'Die zweite Quelle lässt die Bias-Werte weg, einen je Ausgabe.',
  "The second source's convolutions lack the input channels, and none of its layers has biases.":
    'Den Faltungen der zweiten Quelle fehlen die Eingabekanäle, und keine ihrer Schichten hat Bias-Werte.',
  'The second source keeps the two normalisation layers too (69,984 and 43,264 values), and swaps two digits: its own rows add up to 1,049,571.':
    'Die zweite Quelle behält auch die zwei Normalisierungsschichten (69 984 und 43 264 Werte) und vertauscht zwei Ziffern: Ihre eigenen Zeilen ergeben 1 049 571.',
  values: 'Werte',
  parameters: 'Parameter',
  multiplications: 'Multiplikationen',
  input: 'Eingabe',
  'total values of a forward pass': 'Werte eines Vorwärtsdurchlaufs, gesamt',
  'total memory of it, in KB of 1,000 bytes': 'ihr Speicher, gesamt, in KB zu 1 000 Byte',
  'total values with normalisation': 'Werte mit Normalisierung, gesamt',
  'total parameters': 'Parameter, gesamt',
  'total multiplications': 'Multiplikationen, gesamt',
  'counted per image': 'je Bild gezählt',
  'values of a pass; multiplications of a pass; here of a training step':
    'Werte eines Durchlaufs; Multiplikationen eines Durchlaufs; hier eines Trainingsschritts',
  'taken for instructions': 'als Befehle genommen',
  'values × 30 passes': 'Werte × 30 Durchläufe',
  'time per image': 'Zeit je Bild',
  'instructions ÷ clock: 2.5 GHz; 3 GHz; here 3 GHz': 'Befehle ÷ Takt: 2.5 GHz; 3 GHz; hier 3 GHz',
  'time of 10,000 images': 'Zeit für 10 000 Bilder',
  '10,000 × time per image': '10 000 × Zeit je Bild',
  'on two cores with four threads, at least': 'auf zwei Kernen mit vier Threads, mindestens',
  'a third of it': 'ein Drittel davon',
  'on two cores with four threads, at most': 'auf zwei Kernen mit vier Threads, höchstens',
  'a half of it': 'die Hälfte davon',
  'memory of one pass': 'Speicher eines Durchlaufs',
  'values × 4 bytes': 'Werte × 4 Byte',
  'memory of 30 passes': 'Speicher von 30 Durchläufen',

  // Why an engine was chosen.
  'the CPU engine was selected by the user': 'die CPU-Engine wurde von Hand gewählt',
  'the GPU engine was selected by the user': 'die GPU-Engine wurde von Hand gewählt',
  'the page found a graphics card': 'die Seite hat eine Grafikkarte gefunden',
  'nothing faster is known on this device': 'etwas Schnelleres ist auf diesem Gerät nicht bekannt',
  'the GPU engine cannot run this network on this device':
    'die GPU-Engine kann dieses Netz auf diesem Gerät nicht ausführen',

  // The written pages.
  'Loading the lab. If this message stays, the browser is too old: use Chrome 123, Firefox 120, Safari 17.5 or a newer version.':
    'Das Labor wird geladen. Bleibt diese Meldung stehen, ist der Browser zu alt: Benutze Chrome 123, Firefox 120, Safari 17.5 oder neuer.',
  'Convlab trains networks with WebAssembly in this page, so it needs JavaScript. Please turn it on.':
    'Convlab trainiert Netze mit WebAssembly in dieser Seite und braucht dafür JavaScript. Bitte schalte es ein.',
  'The check runs with WebAssembly in this page, so it needs JavaScript. Please turn it on.':
    'Die Prüfung läuft mit WebAssembly in dieser Seite und braucht dafür JavaScript. Bitte schalte es ein.',
  'Convlab: train a convolutional network in this tab': 'Convlab: Trainiere ein Faltungsnetz in diesem Tab',
  'Convlab, embedded': 'Convlab, eingebettet',
  'Check a class: Convlab': 'Eine Klasse prüfen: Convlab',
  'A lesson': 'Eine Lektion',
  'Make a lesson': 'Eine Lektion machen',
  Lessons: 'Lektionen',
  'A first lesson in convolutional networks': 'Eine erste Lektion über Faltungsnetze',
  'Lab sheet: NET I, NET II, NET III': 'Aufgabenblatt: NET I, NET II, NET III',
  'The lab': 'Das Labor',
  'Embed it': 'Einbetten',
  'Check a class': 'Eine Klasse prüfen',
  'Drop the assignment and the files that were handed in. Every run is repeated here, in this tab; no file leaves your browser.':
    'Lege die Aufgabe und die abgegebenen Dateien hier ab. Jeder Lauf wird in diesem Tab wiederholt; keine Datei verlässt deinen Browser.',
  'Text, experiments and questions, one below the other. The preview is the lesson as a student sees it. Everything stays in this browser until you save the file.':
    'Text, Experimente und Fragen, eines unter dem anderen. Die Vorschau zeigt die Lektion, wie die Klasse sie sieht. Alles bleibt in diesem Browser, bis du die Datei speicherst.',
  'Text, questions and networks that train in the page, on your computer. Your answers are kept in this browser only; a homework ends in a file to hand in.':
    'Text, Fragen und Netze, die in der Seite trainieren, auf deinem Computer. Deine Antworten bleiben nur in diesem Browser; eine Hausaufgabe endet mit einer Datei zur Abgabe.',
  'How little is enough, learning by heart, and one number that spoils everything. With a homework to hand in.':
    'Wie wenig genügt, Auswendiglernen, und eine Zahl, die alles verdirbt. Mit einer Hausaufgabe zur Abgabe.',
  'Convolution by hand': 'Faltung von Hand',
  'What a convolution computes: a window, its sums, its sizes and its parameters, by hand and then by a network.':
    'Was eine Faltung berechnet: ein Fenster, seine Summen, seine Größen und seine Parameter, erst von Hand und dann mit einem Netz.',
  'Overfitting and what helps': 'Überanpassung und was dagegen hilft',
  'One network that learns 200 images by heart, and four remedies, each tried.':
    'Ein Netz, das 200 Bilder auswendig lernt, und vier Gegenmittel, jedes ausprobiert.',
  'Pooling or not': 'Pooling oder nicht',
  'The same convolutions with pooling, with strides and with neither: what it costs and what it is good for.':
    'Dieselben Faltungen mit Pooling, mit Schrittweite und mit keinem von beiden: was es kostet und wozu es gut ist.',
  'How deep is deep enough?': 'Wie tief ist tief genug?',
  'The same network with no, one, two, four and eight convolutions.':
    'Dasselbe Netz mit keiner, einer, zwei, vier und acht Faltungen.',
  'Records: how little is enough?': 'Rekorde: Wie wenig genügt?',
  '99 % of MNIST in one epoch, 85 % of CIFAR-10 in four, the record recipe, and the times of recorded runs.':
    '99 % auf MNIST in einer Epoche, 85 % auf CIFAR-10 in vier, das Rekordrezept und die Zeiten aufgezeichneter Läufe.',
  'Lab sheet: NET I, NET II, NET III on CIFAR-10': 'Aufgabenblatt: NET I, NET II, NET III auf CIFAR-10',
  'Nineteen exercises: sizes and parameters by hand, training, overfitting, a comparison, a report.':
    'Neunzehn Aufgaben: Größen und Parameter von Hand, Training, Überanpassung, ein Vergleich, ein Bericht.',
  'About two hours.': 'Etwa zwei Stunden.',
  'About 15 minutes.': 'Etwa 15 Minuten.',
  'About 20 minutes.': 'Etwa 20 Minuten.',
  'About 25 minutes.': 'Etwa 25 Minuten.',
  'About 30 minutes.': 'Etwa 30 Minuten.',
  'Change it': 'Ändern',
  'Change it: A first lesson': 'Ändern: Eine erste Lektion',
  'Change it: Convolution by hand': 'Ändern: Faltung von Hand',
  'Change it: Overfitting and what helps': 'Ändern: Überanpassung und was dagegen hilft',
  'Change it: Pooling or not': 'Ändern: Pooling oder nicht',
  'Change it: How deep is deep enough?': 'Ändern: Wie tief ist tief genug?',
  'Change it: Records: how little is enough?': 'Ändern: Rekorde: Wie wenig genügt?',
  'A lesson is one document, in Markdown or JSON.': 'Eine Lektion ist ein Dokument, in Markdown oder JSON.',
  'Make one of your own': 'Mach eine eigene',
  'by hand, and save it as a file, as a zip for any web server, or as a SCORM package for a course system. How to write and embed one:':
    'von Hand, und speichere sie als Datei, als Zip für jeden Webserver oder als SCORM-Paket für ein Kurssystem. Wie du eine schreibst und einbettest, steht unter:',
};
