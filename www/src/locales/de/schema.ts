/** The help of the options of an experiment, by the English sentence of its JSON Schema. */
export const schema: Record<string, string> = {
  'Penalty on the size of the scale, added to the loss.': 'Strafe auf die Größe der Skalierung, zum Verlust addiert.',
  'Penalty on the size of the shift, added to the loss.': 'Strafe auf die Größe der Verschiebung, zum Verlust addiert.',
  "Both parameters of the beta distribution of the image's share, above 0 and up to 1: the larger, the more is mixed.":
    'Beide Parameter der Betaverteilung für den Anteil des Bildes, über 0 und bis 1: je größer, desto mehr wird gemischt.',
  'Blends each image with another training image, and the labels by the same shares. The other image is flipped, moved and erased as the image itself.':
    'Überblendet jedes Bild mit einem anderen Trainingsbild und die Labels mit denselben Anteilen. Das andere Bild wird gespiegelt, verschoben und teilweise gelöscht wie das Bild selbst.',
  'The parameters of the beta distribution of the area that stays are drawn between 0 and this, above 0 and up to 1.':
    'Die Parameter der Betaverteilung für die Fläche, die bleibt, werden zwischen 0 und diesem Wert gezogen; über 0 und bis 1.',
  'Replaces a rectangle of each image by that of another training image, and the label in proportion to the area. The other image is flipped, moved and erased as the image itself.':
    'Ersetzt ein Rechteck jedes Bildes durch das eines anderen Trainingsbildes und das Label im Verhältnis zur Fläche. Das andere Bild wird gespiegelt, verschoben und teilweise gelöscht wie das Bild selbst.',
  'The function.': 'Die Funktion.',
  'An elementwise function as a layer of its own.': 'Eine Funktion, auf jeden Wert angewendet, als eigene Schicht.',
  'The sum of two or more tensors of one shape; set inputs.':
    'Die Summe zweier oder mehrerer Tensoren gleicher Form; setze inputs.',
  'The mean of two or more tensors of one shape, value by value; set inputs.':
    'Der Mittelwert zweier oder mehrerer Tensoren gleicher Form, Wert für Wert; setze inputs.',
  'Height and width of the window in pixels; one number for both.':
    'Höhe und Breite des Fensters in Pixeln; eine Zahl für beide.',
  "Pixels that the window moves down and across; the window's size where it is not set.":
    'Pixel, um die sich das Fenster nach unten und zur Seite bewegt; wenn nicht gesetzt, die Größe des Fensters.',
  'valid: windows stay inside the image. same: windows may hang over its edge.':
    'valid: Fenster bleiben im Bild. same: Fenster dürfen über den Rand ragen.',
  'The mean of the values under each window, channel by channel.':
    'Der Mittelwert der Werte unter jedem Fenster, Kanal für Kanal.',
  "Share of the moving statistics that stays at each step, between 0 and 1 (PyTorch's momentum is one minus this).":
    'Anteil der gleitenden Statistik, der bei jedem Schritt bleibt, zwischen 0 und 1 (momentum in PyTorch ist eins minus dies).',
  'Added to the variance, above 0: keeps the root away from zero.':
    'Wird zur Varianz addiert, über 0: hält die Wurzel von null fern.',
  'Whether there is a shift, beta.': 'Ob es eine Verschiebung gibt, beta.',
  'Whether there is a scale, gamma.': 'Ob es eine Skalierung gibt, gamma.',
  'Feed the moving variance with var * m / (m - 1), as PyTorch does; Keras does not.':
    'Die gleitende Varianz mit var * m / (m - 1) speisen, wie PyTorch; Keras tut das nicht.',
  'Each channel is brought to mean 0 and variance 1 over the batch, then scaled and shifted.':
    'Jeder Kanal wird über den Batch auf Mittelwert 0 und Varianz 1 gebracht, dann skaliert und verschoben.',
  'The axis: 1, 2, 3 are height, width and channels of images; negative ones count from the end.':
    'Die Achse: 1, 2, 3 sind Höhe, Breite und Kanäle von Bildern; negative zählen vom Ende.',
  'Tensors one after another along an axis; set inputs.': 'Tensoren hintereinander entlang einer Achse; setze inputs.',
  'Output channels, above 0.': 'Ausgabekanäle, über 0.',
  'Pixels that the window moves down and across; one number for both.':
    'Pixel, um die sich das Fenster nach unten und zur Seite bewegt; eine Zahl für beide.',
  'valid: the window stays inside the image. same: zeros around the image, so that with strides of 1 the output is as large as the input.':
    'valid: Das Fenster bleibt im Bild. same: Nullen um das Bild, sodass bei Schrittweite 1 die Ausgabe so groß ist wie die Eingabe.',
  'Distance of neighbouring taps of the window, down and across; one number for both. Above 1 only with strides of 1.':
    'Abstand benachbarter Abtaststellen des Fensters, nach unten und zur Seite; eine Zahl für beide. Über 1 nur bei Schrittweite 1.',
  'Groups of channels: the filters of a group see the channels of the same group only. A divisor of the channels and of the filters.':
    'Gruppen von Kanälen: Die Filter einer Gruppe sehen nur deren Kanäle. Ein Teiler der Kanäle und der Filter.',
  'Function applied to the output; none where it is not set.':
    'Funktion, die auf die Ausgabe angewendet wird; wenn nicht gesetzt, keine.',
  'Whether a bias is added to every output.': 'Ob zu jeder Ausgabe ein Bias addiert wird.',
  "How the kernel's weights start.": 'Wie die Gewichte des Kernels beginnen.',
  'How the bias starts.': 'Wie der Bias beginnt.',
  'Weight of the sum of absolute values.': 'Gewicht der Summe der Beträge.',
  'Weight of the sum of squares.': 'Gewicht der Summe der Quadrate.',
  "Penalty on the size of the kernel's weights, added to the loss.":
    'Strafe auf die Größe der Kernelgewichte, zum Verlust addiert.',
  'The largest norm, above 0.': 'Die größte Norm, über 0.',
  'The axes that the norm sums over; negative ones count from the end.':
    'Die Achsen, über die die Norm summiert; negative zählen vom Ende.',
  "Bound on the norm of the kernel's weights, kept after every step.":
    'Schranke für die Norm der Kernelgewichte, nach jedem Schritt eingehalten.',
  'A window slides over the image; each output channel is a weighted sum of the pixels under it.':
    'Ein Fenster gleitet über das Bild; jeder Ausgabekanal ist eine gewichtete Summe der Pixel darunter.',
  'How many times as high and as wide the output is; one number for both.':
    'Wievielmal so hoch und so breit die Ausgabe ist; eine Zahl für beide.',
  'same: the output is strides times as large as the input. valid: the whole of every window.':
    'same: Die Ausgabe ist strides-mal so groß wie die Eingabe. valid: jedes Fenster ganz.',
  'The way back of a convolution: each pixel adds the kernel, times its value, to the pixels around its place.':
    'Der Rückweg einer Faltung: Jeder Pixel addiert den Kernel, mal seinem Wert, zu den Pixeln um seine Stelle.',
  'Rows and columns to take away: one number for all sides, [rows, columns] or [[top, bottom], [left, right]].':
    'Zeilen und Spalten, die wegfallen: eine Zahl für alle Seiten, [Zeilen, Spalten] oder [[oben, unten], [links, rechts]].',
  'The image without some rows and columns at its edges.': 'Das Bild ohne einige Zeilen und Spalten an seinen Rändern.',
  'Outputs, above 0.': 'Ausgaben, über 0.',
  'Every output is a weighted sum of every input.': 'Jede Ausgabe ist eine gewichtete Summe aller Eingaben.',
  'A convolution of each channel on its own.': 'Eine Faltung jedes Kanals für sich.',
  'Share of the values that are dropped, 0 or more and below 1.':
    'Anteil der Werte, die wegfallen, mindestens 0 und unter 1.',
  'In training each value is dropped with probability rate, and the rest is scaled up to keep the mean.':
    'Im Training fällt jeder Wert mit der Wahrscheinlichkeit rate weg, und der Rest wird vergrößert, damit der Mittelwert bleibt.',
  '-alpha is the limit far below 0; 0 or more.': '-alpha ist der Grenzwert weit unter 0; mindestens 0.',
  'Exponential linear unit.': 'Exponentielle lineare Einheit (Exponential Linear Unit).',
  'All values of an image in one row, channels last.': 'Alle Werte eines Bildes in einer Reihe, Kanäle zuletzt.',
  'Standard deviation of the noise, 0 or more. The image itself has values from 0 to 1.':
    'Standardabweichung des Rauschens, mindestens 0. Das Bild selbst hat Werte von 0 bis 1.',
  'In training normal noise is added to each value.':
    'Im Training wird zu jedem Wert normalverteiltes Rauschen addiert.',
  'The mean of each channel over the whole image.': 'Der Mittelwert jedes Kanals über das ganze Bild.',
  'The largest value of each channel over the whole image.': 'Der größte Wert jedes Kanals über das ganze Bild.',
  'Number of groups, a divisor of the channels; -1 for a group a channel.':
    'Zahl der Gruppen, ein Teiler der Kanäle; -1 für eine Gruppe je Kanal.',
  'The channels of an image in groups, each of which is brought to mean 0 and variance 1, then scaled and shifted.':
    'Die Kanäle eines Bildes in Gruppen, die jeweils auf Mittelwert 0 und Varianz 1 gebracht, dann skaliert und verschoben werden.',
  'The axes, the last ones of the tensor: -1 for the channels of each pixel, [1, 2, 3] for the whole image.':
    'Die Achsen, die letzten des Tensors: -1 für die Kanäle jedes Pixels, [1, 2, 3] für das ganze Bild.',
  'The values along the last axes are brought to mean 0 and variance 1, then scaled and shifted.':
    'Die Werte entlang der letzten Achsen werden auf Mittelwert 0 und Varianz 1 gebracht, dann skaliert und verschoben.',
  'The slope below 0, 0 or more.': 'Die Steigung unter 0, mindestens 0.',
  'A ReLU that keeps a small slope below 0.': 'Eine ReLU, die unter 0 eine kleine Steigung behält.',
  'Neighbouring channels on each side.': 'Benachbarte Kanäle auf jeder Seite.',
  'Added to the energy, above 0.': 'Wird zur Energie addiert, über 0.',
  'Weight of the energy, 0 or more.': 'Gewicht der Energie, mindestens 0.',
  'The power that the energy is raised to.': 'Die Potenz, in die die Energie erhoben wird.',
  'Each value is divided by the energy of its neighbours in the channels around it.':
    'Jeder Wert wird durch die Energie seiner Nachbarn in den Kanälen um ihn geteilt.',
  'The largest value under each window, channel by channel.': 'Der größte Wert unter jedem Fenster, Kanal für Kanal.',
  'The largest of two or more tensors of one shape, value by value; set inputs.':
    'Das Größte aus zwei oder mehr Tensoren gleicher Form, Wert für Wert; setze inputs.',
  'The product of two or more tensors of one shape, value by value; set inputs.':
    'Das Produkt zweier oder mehrerer Tensoren gleicher Form, Wert für Wert; setze inputs.',
  'The mean: a number, or a list with one for each channel. The image itself has values from 0 to 1.':
    'Der Mittelwert: eine Zahl oder eine Liste mit einer je Kanal. Das Bild selbst hat Werte von 0 bis 1.',
  'The variance: a number, or a list with one for each channel; 0 or more.':
    'Die Varianz: eine Zahl oder eine Liste mit einer je Kanal; mindestens 0.',
  'Each channel minus its mean, divided by its standard deviation. Without mean and variance it must read the images themselves, and the two are computed from the training images.':
    'Jeder Kanal minus seinen Mittelwert, geteilt durch seine Standardabweichung. Ohne mean und variance muss die Schicht die Bilder selbst lesen, und beide werden aus den Trainingsbildern berechnet.',
  'Which axis of the input each axis of the output is, counted from 1.':
    'Welche Achse der Eingabe jede Achse der Ausgabe ist, ab 1 gezählt.',
  'The axes of an image in another order.': 'Die Achsen eines Bildes in anderer Reihenfolge.',
  'How the slopes start.': 'Wie die Steigungen beginnen.',
  'Penalty on the size of the slopes, added to the loss.': 'Strafe auf die Größe der Steigungen, zum Verlust addiert.',
  'Bound on the norm of the slopes, kept after every step.':
    'Schranke für die Norm der Steigungen, nach jedem Schritt eingehalten.',
  'The axes along which all values share a slope; 1, 2, 3 are height, width and channels of images.':
    'Die Achsen, entlang derer alle Werte eine Steigung teilen; 1, 2, 3 sind Höhe, Breite und Kanäle von Bildern.',
  'A ReLU whose slope below 0 is learnt.': 'Eine ReLU, deren Steigung unter 0 gelernt wird.',
  'The factor.': 'Der Faktor.',
  'What is added.': 'Was addiert wird.',
  'Every value times a number, plus another. The image itself has values from 0 to 1.':
    'Jeder Wert mal einer Zahl, plus eine andere. Das Bild selbst hat Werte von 0 bis 1.',
  'The shape of one image: [height, width, channels] or [features]; one size may be -1, which stands for the rest.':
    'Die Form eines Bildes: [Höhe, Breite, Kanäle] oder [Merkmale]; eine Größe darf -1 sein, das steht für den Rest.',
  'The same values in another shape.': 'Dieselben Werte in anderer Form.',
  "How the windows' weights start.": 'Wie die Gewichte der Fenster beginnen.',
  'How the weights of the 1×1 convolution start.': 'Wie die Gewichte der 1×1-Faltung beginnen.',
  "Penalty on the size of the windows' weights, added to the loss.":
    'Strafe auf die Größe der Fenstergewichte, zum Verlust addiert.',
  'Penalty on the size of the weights of the 1×1 convolution, added to the loss.':
    'Strafe auf die Größe der Gewichte der 1×1-Faltung, zum Verlust addiert.',
  "Bound on the norm of the windows' weights, kept after every step.":
    'Schranke für die Norm der Fenstergewichte, nach jedem Schritt eingehalten.',
  'Bound on the norm of the weights of the 1×1 convolution, kept after every step.':
    'Schranke für die Norm der Gewichte der 1×1-Faltung, nach jedem Schritt eingehalten.',
  'A convolution of each channel on its own, then a 1×1 convolution that mixes the channels.':
    'Eine Faltung jedes Kanals für sich, dann eine 1×1-Faltung, die die Kanäle mischt.',
  'Share of the channels that are dropped, 0 or more and below 1.':
    'Anteil der Kanäle, die wegfallen, mindestens 0 und unter 1.',
  'In training each channel of an image is dropped as a whole with probability rate.':
    'Im Training fällt jeder Kanal eines Bildes mit der Wahrscheinlichkeit rate als Ganzes weg.',
  'The first of two tensors of one shape minus the second; set inputs.':
    'Der erste zweier Tensoren gleicher Form minus den zweiten; setze inputs.',
  'How many times as high and as wide; one number for both.': 'Wievielmal so hoch und so breit; eine Zahl für beide.',
  'How the new values follow from the pixels.': 'Wie sich die neuen Werte aus den Pixeln ergeben.',
  'A larger image: each pixel repeated, or values in between interpolated.':
    'Ein größeres Bild: jeder Pixel wiederholt, oder Werte dazwischen interpoliert.',
  'Rows and columns of zeros: one number for all sides, [rows, columns] or [[top, bottom], [left, right]]; at most 4096 on a side.':
    'Zeilen und Spalten von Nullen: eine Zahl für alle Seiten, [Zeilen, Spalten] oder [[oben, unten], [links, rechts]]; höchstens 4096 je Seite.',
  'Zeros around the image, as many on each side as asked.':
    'Nullen um das Bild, auf jeder Seite so viele wie verlangt.',
  "The layer's own name, 1 to 100 letters; Keras's (conv2d, conv2d_1, …) where it is not set.":
    'Der eigene Name der Schicht, 1 bis 100 Buchstaben; wenn nicht gesetzt, der von Keras (conv2d, conv2d_1, …).',
  "Whether training changes the layer's parameters; a batch normalization that is frozen computes as in inference.":
    'Ob das Training die Parameter der Schicht ändert; eine eingefrorene Batch-Normalisierung rechnet wie bei der Vorhersage.',
  'Names of the layers that it reads, input_layer for the image itself; the layer before it where this is not set.':
    'Namen der Schichten, die sie liest, input_layer für das Bild selbst; wenn nicht gesetzt, die Schicht davor.',
  'Learning rate: the step size of an update, 0 or more. A schedule starts from it.':
    'Lernrate: die Schrittgröße einer Änderung, mindestens 0. Ein Verlauf beginnt mit ihr.',
  'Momentum: the share of the last step that the next one keeps, 0 or more and below 1.':
    'Momentum: der Anteil des letzten Schritts, den der nächste behält, mindestens 0 und unter 1.',
  'Nesterov momentum: apply the momentum before the gradient.':
    'Nesterov-Momentum: das Momentum vor dem Gradienten anwenden.',
  'Decoupled weight decay: each step subtracts this share of a weight, times the learning rate; between 0 and 1.':
    'Entkoppelter Gewichtszerfall (Weight Decay): Jeder Schritt zieht diesen Anteil eines Gewichts ab, mal der Lernrate; zwischen 0 und 1.',
  "Scale down each parameter's gradient whose norm is larger than this, above 0. At most one of clipnorm, global_clipnorm and clipvalue may be set.":
    'Den Gradienten jedes Parameters verkleinern, dessen Norm größer ist als dies, über 0. Höchstens eines von clipnorm, global_clipnorm und clipvalue darf gesetzt sein.',
  'Scale down all gradients if their global norm is larger than this, above 0.':
    'Alle Gradienten verkleinern, wenn ihre gemeinsame Norm größer ist als dies, über 0.',
  'Clip each value of a gradient to this magnitude, above 0.':
    'Jeden Wert eines Gradienten auf diesen Betrag begrenzen, über 0.',
  'Factors of the learning rate and of the weight decay for some parameters; of several groups the first one that matches counts.':
    'Faktoren der Lernrate und des Gewichtszerfalls für einige Parameter; von mehreren Gruppen zählt die erste, die passt.',
  "Keep a moving average of the weights: the run ends with it, and the epochs' figures are those of the weights themselves.":
    'Einen gleitenden Mittelwert der Gewichte führen: Der Lauf endet mit ihm, und die Zahlen der Epochen sind die der Gewichte selbst.',
  'Share of the moving average that a step keeps, 0 or more and below 1.':
    'Anteil des gleitenden Mittelwerts, den ein Schritt behält, mindestens 0 und unter 1.',
  'Set the weights to their moving average after every so many steps; never if not set.':
    'Die Gewichte nach jeweils so vielen Schritten auf ihren gleitenden Mittelwert setzen; wenn nicht gesetzt, nie.',
  'Steps between two moves of the slow weights, 1 or more.':
    'Schritte zwischen zwei Bewegungen der langsamen Gewichte, mindestens 1.',
  'Share of the way that the slow weights move, 0 to 1.':
    'Anteil des Weges, den die langsamen Gewichte zurücklegen, 0 bis 1.',
  'That share at the end of the run, if it changes on the way.':
    'Dieser Anteil am Ende des Laufs, falls er sich unterwegs ändert.',
  'The course of the change: the passed share of the run to this power, above 0.':
    'Der Gang der Änderung: der vergangene Anteil des Laufs hoch diese Potenz, über 0.',
  'Lookahead: slow weights that follow every few steps, and that the run ends with.':
    'Lookahead: langsame Gewichte, die alle paar Schritte folgen und mit denen der Lauf endet.',
  'Stochastic gradient descent, optionally with momentum.':
    'Stochastischer Gradientenabstieg, auf Wunsch mit Momentum.',
  'Decay of the mean of the gradients, 0 or more and below 1.':
    'Abklingen des Mittelwerts der Gradienten, mindestens 0 und unter 1.',
  'Decay of the mean of the squared gradients, 0 or more and below 1.':
    'Abklingen des Mittelwerts der quadrierten Gradienten, mindestens 0 und unter 1.',
  'Added to the divisor to avoid division by zero, above 0.':
    'Wird zum Teiler addiert, damit nicht durch null geteilt wird, über 0.',
  'Adam: an adaptive step for each weight, from running means of its gradient and of the squared gradient.':
    'Adam: ein angepasster Schritt für jedes Gewicht, aus gleitenden Mittelwerten seines Gradienten und des quadrierten Gradienten.',
  'AdamW: Adam with decoupled weight decay.': 'AdamW: Adam mit entkoppeltem Gewichtszerfall.',
  'Subtract the squared mean of the gradients, so that the divisor is their standard deviation.':
    'Den quadrierten Mittelwert der Gradienten abziehen, sodass der Teiler ihre Standardabweichung ist.',
  'RMSprop: the gradient divided by the root of a running mean of its square.':
    'RMSprop: der Gradient, geteilt durch die Wurzel eines gleitenden Mittelwerts seines Quadrats.',
  'Nadam: Adam with Nesterov momentum.': 'Nadam: Adam mit Nesterov-Momentum.',
  'The sum of the squared gradients before the first step, 0 or more.':
    'Die Summe der quadrierten Gradienten vor dem ersten Schritt, mindestens 0.',
  'Added to the sum to avoid division by zero, above 0.':
    'Wird zur Summe addiert, damit nicht durch null geteilt wird, über 0.',
  'Adagrad: each weight has its own learning rate, which falls as its gradients add up.':
    'Adagrad: Jedes Gewicht hat seine eigene Lernrate, die fällt, während sich seine Gradienten aufsummieren.',
  'Share of the mean in the direction of a step, 0 or more and below 1.':
    'Anteil des Mittelwerts an der Richtung eines Schritts, mindestens 0 und unter 1.',
  'Lion: every weight moves by the learning rate, in the direction of a mean of its gradients.':
    'Lion: Jedes Gewicht bewegt sich um die Lernrate, in Richtung eines Mittelwerts seiner Gradienten.',
  'Newton-Schulz iterations, 1 to 20.': 'Newton-Schulz-Iterationen, 1 bis 20.',
  'Coefficient of the iteration.': 'Koeffizient der Iteration.',
  "Factor of a step, beside the root of the matrix's longer side; 0 for steps without this scale.":
    'Faktor eines Schritts, neben der Wurzel der längeren Seite der Matrix; 0 für Schritte ohne diese Skalierung.',
  'Use Muon for the kernels of convolutions, too: as matrices of outputs and flattened patches.':
    'Muon auch für die Kernel von Faltungen benutzen: als Matrizen aus Ausgaben und flachgelegten Ausschnitten.',
  "AdamW for parameters whose name (dense_1/kernel) contains one of these texts, such as the last layer's.":
    'AdamW für Parameter, deren Name (dense_1/kernel) einen dieser Texte enthält, zum Beispiel die der letzten Schicht.',
  'Of AdamW: decay of the mean of the gradients, 0 or more and below 1.':
    'Für AdamW: Abklingen des Mittelwerts der Gradienten, mindestens 0 und unter 1.',
  'Of AdamW: decay of the mean of the squared gradients, 0 or more and below 1.':
    'Für AdamW: Abklingen des Mittelwerts der quadrierten Gradienten, mindestens 0 und unter 1.',
  'Of AdamW: added to the divisor to avoid division by zero, above 0.':
    'Für AdamW: wird zum Teiler addiert, damit nicht durch null geteilt wird, über 0.',
  'Of AdamW: decoupled weight decay, between 0 and 1.': 'Für AdamW: entkoppelter Gewichtszerfall, zwischen 0 und 1.',
  "Of AdamW: its learning rate as a multiple of Muon's, above 0.":
    'Für AdamW: seine Lernrate als Vielfaches der von Muon, über 0.',
  'Muon for matrices: momentum whose singular values are brought to about one. AdamW for all other parameters.':
    'Muon für Matrizen: Momentum, dessen Singulärwerte auf etwa eins gebracht werden. AdamW für alle anderen Parameter.',
  'How fast the rate falls, 0 or more.': 'Wie schnell die Rate fällt, mindestens 0.',
  'The unit of the decay, in steps, above 0.': 'Die Einheit des Abklingens, in Schritten, über 0.',
  'Change the rate only at multiples of decay_steps.': 'Die Rate nur bei Vielfachen von decay_steps ändern.',
  'learning_rate / (1 + decay_rate * step / decay_steps): falls fast at first, then more and more slowly.':
    'learning_rate / (1 + decay_rate * step / decay_steps): fällt erst schnell, dann immer langsamer.',
  'The factor per decay_steps steps, above 0.': 'Der Faktor je decay_steps Schritte, über 0.',
  'Steps in which the rate falls by the factor once, above 0.':
    'Schritte, in denen die Rate einmal um den Faktor fällt, über 0.',
  'learning_rate * decay_rate ^ (step / decay_steps): falls by the same factor every decay_steps steps.':
    'learning_rate * decay_rate ^ (step / decay_steps): fällt alle decay_steps Schritte um denselben Faktor.',
  'Steps of the decay, above 0.': 'Schritte des Abklingens, über 0.',
  'The final learning rate as a share of the initial one.': 'Die letzte Lernrate als Anteil der ersten.',
  'The learning rate at the end of the warm-up; no warm-up if it is not set.':
    'Die Lernrate am Ende des Aufwärmens; wenn nicht gesetzt, kein Aufwärmen.',
  'Steps of the warm-up.': 'Schritte des Aufwärmens.',
  'A half cosine from the learning rate down to alpha times it, after an optional linear warm-up.':
    'Ein halber Kosinus von der Lernrate hinab zum alpha-fachen, auf Wunsch nach linearem Aufwärmen.',
  'Epochs between two reductions, above 0.': 'Epochen zwischen zwei Verringerungen, über 0.',
  'The factor of a reduction, above 0.': 'Der Faktor einer Verringerung, über 0.',
  'learning_rate * gamma ^ floor(epoch / step_size): one reduction every step_size epochs.':
    'learning_rate * gamma ^ floor(epoch / step_size): eine Verringerung alle step_size Epochen.',
  "The maximum learning rate; the optimiser's if it is not set.":
    'Die größte Lernrate; wenn nicht gesetzt, die des Optimierers.',
  'Steps of the whole cycle, above 0; all steps of the run if it is not set.':
    'Schritte des ganzen Zyklus, über 0; wenn nicht gesetzt, alle Schritte des Laufs.',
  'The share of the steps in which the rate rises, between 0 and 1.':
    'Der Anteil der Schritte, in denen die Rate steigt, zwischen 0 und 1.',
  'The maximum rate divided by the initial one, above 0.': 'Die größte Rate geteilt durch die erste, über 0.',
  'The initial rate divided by the final one, above 0.': 'Die erste Rate geteilt durch die letzte, über 0.',
  "The rate rises once and falls once, as in PyTorch's OneCycleLR (cosine, two phases).":
    'Die Rate steigt einmal und fällt einmal, wie in OneCycleLR von PyTorch (Kosinus, zwei Phasen).',
  'Steps of the warm-up, above 0.': 'Schritte des Aufwärmens, über 0.',
  'learning_rate * min(1, step / warmup_steps): a linear rise from 0, then constant.':
    'learning_rate * min(1, step / warmup_steps): ein linearer Anstieg von 0, dann konstant.',
  'The figure to monitor; the validation figures need validation images.':
    'Die beobachtete Größe; die Validierungsgrößen brauchen Validierungsbilder.',
  'The factor of a reduction, above 0 and below 1.': 'Der Faktor einer Verringerung, über 0 und unter 1.',
  'Epochs without an improvement before a reduction.': 'Epochen ohne Verbesserung vor einer Verringerung.',
  'The smallest change of the figure that counts as an improvement.':
    'Die kleinste Änderung der Größe, die als Verbesserung zählt.',
  'Epochs after a reduction that do not count towards patience.':
    'Epochen nach einer Verringerung, die für patience nicht zählen.',
  'Lower bound of the learning rate.': 'Untere Schranke der Lernrate.',
  'Multiplies the learning rate by factor when monitor has not improved for patience epochs.':
    'Multipliziert die Lernrate mit factor, wenn monitor sich patience Epochen lang nicht verbessert hat.',
  'The final learning rate, 0 or more.': 'Die letzte Lernrate, mindestens 0.',
  'The power, above 0.': 'Die Potenz, über 0.',
  'Whether the decay starts again, with more steps, where it has ended.':
    'Ob das Abklingen, wo es geendet hat, mit mehr Schritten neu beginnt.',
  'From the learning rate to end_learning_rate along a polynomial; a line with power 1.':
    'Von der Lernrate zu end_learning_rate entlang eines Polynoms; mit power 1 eine Gerade.',
  'The last step of each range but the last one, counted from 0; rising.':
    'Der letzte Schritt jedes Bereichs außer dem letzten, ab 0 gezählt; steigend.',
  'The learning rate of each range, 0 or more: one more than there are boundaries.':
    'Die Lernrate jedes Bereichs, mindestens 0: eine mehr, als es Grenzen gibt.',
  "A learning rate for each range of steps; the optimiser's own is not used.":
    'Eine Lernrate für jeden Bereich von Schritten; die des Optimierers wird nicht benutzt.',
  'The first learning rate as a share of the highest one, 0 or more.':
    'Die erste Lernrate als Anteil der höchsten, mindestens 0.',
  'The last learning rate as a share of the highest one, 0 or more.':
    'Die letzte Lernrate als Anteil der höchsten, mindestens 0.',
  'Steps of the whole, above 0; all steps of the run if it is not set.':
    'Schritte insgesamt, über 0; wenn nicht gesetzt, alle Schritte des Laufs.',
  'The learning rate rises in a line to the optimiser\'s own and falls in a line to the end of the run (Smith, "Cyclical Learning Rates", 2017, with one cycle).':
    'Die Lernrate steigt geradlinig zu der des Optimierers und fällt geradlinig bis zum Ende des Laufs (Smith, „Cyclical Learning Rates“, 2017, mit einem Zyklus).',
  'The direction of mirroring.': 'Die Richtung des Spiegelns.',
  'Draw for the first epoch only; from then on mirror each image in every second epoch.':
    'Nur für die erste Epoche losen; danach jedes Bild in jeder zweiten Epoche spiegeln.',
  'Mirrors each image with probability 0.5.': 'Spiegelt jedes Bild mit Wahrscheinlichkeit 0.5.',
  "Pixels that are added on each side; at least 1, at most the image's longer side.":
    'Pixel, die auf jeder Seite hinzukommen; mindestens 1, höchstens die längere Seite des Bildes.',
  'Pads and crops to the original size at a random position.':
    'Fügt einen Rand hinzu und schneidet an zufälliger Stelle auf die ursprüngliche Größe zu.',
  'Share of the height, between 0 and 1.': 'Anteil der Höhe, zwischen 0 und 1.',
  'Share of the width, between 0 and 1.': 'Anteil der Breite, zwischen 0 und 1.',
  'Values of pixels from outside the image.': 'Werte von Pixeln außerhalb des Bildes.',
  'Shifts the image by up to these shares of its size, in both directions.':
    'Verschiebt das Bild um bis zu diese Anteile seiner Größe, in beide Richtungen.',
  'Share of a full turn, between 0 and 0.5.': 'Anteil einer vollen Drehung, zwischen 0 und 0.5.',
  'Rotates the image around its centre by up to factor of a full turn, in both directions.':
    'Dreht das Bild um seine Mitte, um bis zu factor einer vollen Drehung, in beide Richtungen.',
  'Share of the height, between 0 and 0.9.': 'Anteil der Höhe, zwischen 0 und 0.9.',
  'Share of the width, between 0 and 0.9; if it is not set, the width zooms by the same factor as the height.':
    'Anteil der Breite, zwischen 0 und 0.9; wenn nicht gesetzt, zoomt die Breite um denselben Faktor wie die Höhe.',
  'Zooms in or out by up to these shares.': 'Zoomt um bis zu diese Anteile hinein oder heraus.',
  "Side of the square in pixels; at least 1, at most the image's shorter side. Parts of it may lie outside the image.":
    'Seite des Quadrats in Pixeln; mindestens 1, höchstens die kürzere Seite des Bildes. Teile davon dürfen außerhalb des Bildes liegen.',
  'Sets a square at a random position to zero (DeVries and Taylor, 2017).':
    'Setzt ein Quadrat an zufälliger Stelle auf null (DeVries und Taylor, 2017).',
  'Probability that a rectangle is erased, between 0 and 1.':
    'Wahrscheinlichkeit, dass ein Rechteck gelöscht wird, zwischen 0 und 1.',
  "The smallest and the largest share of the image's area, between 0 and 1.":
    'Der kleinste und der größte Anteil an der Bildfläche, zwischen 0 und 1.',
  'Changes brightness, contrast, saturation and hue, in this order, each by an amount drawn between two numbers. Colors are changed before the image is moved, wherever this stands in the list.':
    'Ändert Helligkeit, Kontrast, Sättigung und Farbton, in dieser Reihenfolge, jeweils um einen Betrag, der zwischen zwei Zahlen gezogen wird. Die Farben werden geändert, bevor das Bild bewegt wird, wo auch immer dies in der Liste steht.',
  'What is added to all values: the smallest and the largest, between -1 (black) and 1 (white).':
    'Was zu allen Werten addiert wird: der kleinste und der größte Betrag, zwischen -1 (schwarz) und 1 (weiß).',
  "By how much contrast is at most taken away and at most added, between 0 and 1: each channel's distance from its mean is multiplied by a number from 1 - the first to 1 + the second.":
    'Um wie viel der Kontrast höchstens verringert und höchstens verstärkt wird, zwischen 0 und 1: Der Abstand jedes Kanals von seinem Mittelwert wird mit einer Zahl von 1 - die erste bis 1 + die zweite multipliziert.',
  'The lowest and the highest saturation, between 0 (grey) and 1 (full); 0.5 changes nothing. Color images only.':
    'Die kleinste und die größte Sättigung, zwischen 0 (grau) und 1 (voll); 0,5 ändert nichts. Nur für Farbbilder.',
  'The smallest and the largest turn of the hue, between 0 (none) and 1 (half of the color circle), in either direction. Color images only.':
    'Die kleinste und die größte Drehung des Farbtons, zwischen 0 (keine) und 1 (der halbe Farbkreis), in eine der beiden Richtungen. Nur für Farbbilder.',
  'Sets a rectangle of random size at a random position to zero.':
    'Setzt ein Rechteck zufälliger Größe an zufälliger Stelle auf null.',
  'Epochs without an improvement before the run stops.': 'Epochen ohne Verbesserung, bevor der Lauf stoppt.',
  'Restore the weights of the best epoch.': 'Die Gewichte der besten Epoche wiederherstellen.',
  'When to stop before the last epoch.': 'Wann vor der letzten Epoche aufgehört wird.',
  'The figure that determines the best epoch.': 'Die Größe, die die beste Epoche bestimmt.',
  "Keep a copy of the best epoch's weights.": 'Eine Kopie der Gewichte der besten Epoche behalten.',
  'The data set: mnist, cifar10, …; imagenet for networks that are only counted.':
    'Der Datensatz: mnist, cifar10, …; imagenet für Netze, die nur gezählt werden.',
  'Merge classes: the n-th list holds the original classes that form the new class n.':
    'Klassen zusammenfassen: Die n-te Liste enthält die ursprünglichen Klassen, die die neue Klasse n bilden.',
  'Where validation images come from: "test" for the test set, {"split": 0.2} for the last share of the training set (of images, for a share of each class, drawn from the seed), null for none. Validation images that a data set has of its own are used unless this is "test".':
    'Woher Validierungsbilder kommen: "test" für die Testdaten, {"split": 0.2} für den letzten Teil der Trainingsdaten (bei images ein Anteil jeder Klasse, aus dem Seed gelost), null für keine. Eigene Validierungsbilder eines Datensatzes werden benutzt, außer wenn dies "test" ist.',
  'Number of images of the training set, before the validation split.':
    'Zahl der Trainingsbilder, bevor die Validierungsbilder abgetrennt werden.',
  'Number of images of the test set.': 'Zahl der Testbilder.',
  'Use only the first images.': 'Nur die ersten Bilder benutzen.',
  "Names of the classes, in the order of their labels. The data's own names in another order give the labels that order, as in Keras; other names take their place.":
    'Namen der Klassen, in der Reihenfolge ihrer Labels. Die eigenen Namen der Daten in anderer Reihenfolge geben den Labels diese Reihenfolge, wie in Keras; andere Namen treten an ihre Stelle.',
  "Which of CIFAR-100's labels to learn: fine (100 classes) or coarse (20).":
    'Welche Labels von CIFAR-100 gelernt werden: fine (100 Klassen) oder coarse (20).',
  "Which of EMNIST's sets.": 'Welcher der Datensätze von EMNIST.',
  'Of images and parquet: height and width to which they are resized; those of input_shape if not set.':
    'Bei images und parquet: Höhe und Breite, auf die sie skaliert werden; wenn nicht gesetzt, die von input_shape.',
  'Of images and parquet: their channels; those of input_shape if not set.':
    'Bei images und parquet: ihre Kanäle; wenn nicht gesetzt, die von input_shape.',
  'Of images and parquet: how they are resized, bilinear if not set.':
    'Bei images und parquet: wie sie skaliert werden; wenn nicht gesetzt, bilinear.',
  'Of images and parquet: whether the largest part of the right aspect ratio is cut out instead of distorting the image.':
    'Bei images und parquet: ob der größte Teil mit dem richtigen Seitenverhältnis ausgeschnitten wird, statt das Bild zu verzerren.',
  'The share, between 0 and 1.': 'Der Anteil, zwischen 0 und 1.',
  'Of images without a test folder and parquet without a test file: the share of each class that is drawn for testing, 0.2 if not set.':
    'Bei images ohne Ordner test und parquet ohne Testdatei: der Anteil jeder Klasse, der zum Testen gelost wird; wenn nicht gesetzt, 0.2.',
  'Of parquet: the column of images, if the file has several.':
    'Bei parquet: die Spalte der Bilder, falls die Datei mehrere hat.',
  'Of parquet: the column of labels, if the file has several.':
    'Bei parquet: die Spalte der Labels, falls die Datei mehrere hat.',
  'The data and how it is divided.': 'Die Daten und wie sie aufgeteilt werden.',
  'Share of the label that is spread evenly over all classes, 0 to 1.':
    'Anteil des Labels, der gleichmäßig auf alle Klassen verteilt wird, 0 bis 1.',
  'Of categorical_focal_crossentropy: how much less an image counts that is classified with certainty; 2 if not set.':
    'Bei categorical_focal_crossentropy: wie viel weniger ein Bild zählt, das sicher erkannt wird; wenn nicht gesetzt, 2.',
  'Images in a step, 1 to 65 536.': 'Bilder in einem Schritt, 1 bis 65 536.',
  'Compute a batch in micro-batches of at most this many images, to save memory; their gradients are summed before the update. 1 to batch_size.':
    'Einen Batch in Teilen von höchstens so vielen Bildern berechnen, um Speicher zu sparen; ihre Gradienten werden vor der Änderung summiert. 1 bis batch_size.',
  'Passes over the training set, above 0 and at most 1 000 000. Of a fraction, the run ends within its last epoch.':
    'Durchgänge durch die Trainingsdaten, über 0 und höchstens 1 000 000. Bei einem Bruchteil endet der Lauf innerhalb seiner letzten Epoche.',
  'Seed of all random numbers: the same seed gives the same run.':
    'Seed aller Zufallszahlen: Derselbe Seed gibt denselben Lauf.',
};
