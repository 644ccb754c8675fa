// Made from the Rust types by tests/types.rs: do not edit.

/**
 * A Convlab experiment: data, network, loss, optimiser and everything else that decides how a run ends.
 */
export type Experiment = { 
/**
 * A short id, such as `net-1`.
 */
name: string, 
/**
 * A title for people.
 */
title?: string, 
/**
 * Markdown for people: the question, what to look for, what was found.
 */
text?: string, 
/**
 * The data and how it is divided.
 */
dataset: DatasetSpec, 
/**
 * Height, width and channels of an image.
 */
input_shape: [number, number, number], 
/**
 * The layers, in order; the last one gives one value for each class.
 */
layers: Array<LayerSpec>, 
/**
 * The loss: what training makes small.
 */
loss: LossKind, 
/**
 * The update rule: how a step changes the weights.
 */
optimizer: Typed, 
/**
 * How the learning rate changes during the run; it stays as it is where this is not set.
 */
learning_rate_schedule?: Typed | null, 
/**
 * Random changes of the training images, applied in order.
 */
augmentation?: Array<Typed>, 
/**
 * When to stop before the last epoch.
 */
early_stopping?: EarlyStopping | null, 
/**
 * Keep a copy of the weights of the best epoch.
 */
model_checkpoint?: ModelCheckpoint | null, 
/**
 * Images in a step, 1 to 65 536.
 */
batch_size?: number, 
/**
 * Compute a batch in pieces of at most this many images, to save memory; the update is the whole batch's. 1 to
 * `batch_size`.
 */
micro_batch_size?: number | null, 
/**
 * Passes over the training set, 1 to 1 000 000.
 */
epochs?: number, 
/**
 * Where all random numbers come from: the same seed gives the same run.
 */
seed?: number, };

/**
 * The data and how it is divided.
 */
export type DatasetSpec = { 
/**
 * The data set: `mnist`, `cifar10`, …; `imagenet` for networks that are only counted.
 */
name: string, 
/**
 * Merge classes: the n-th list holds the old classes that make up the new class n.
 */
merge_classes?: Array<Array<number>> | null, 
/**
 * Where validation images come from: `"test"` for the test set, `{"split": 0.2}` for the last share of the training
 * set, null for none.
 */
validation?: Validation | null, 
/**
 * Use only the first images.
 */
limit?: Limit | null, 
/**
 * Class names of a `custom` data set.
 */
classes?: Array<string> | null, 
/**
 * Which of CIFAR-100's labels to learn: `fine` (100 classes) or `coarse` (20).
 */
label_mode?: LabelMode | null, };

/**
 * Where validation images come from.
 */
export type Validation = NamedValidation | Split;

/**
 * A named source of validation images.
 */
export type NamedValidation = "test";

/**
 * The last share of the training set, in file order.
 */
export type Split = { 
/**
 * The share, between 0 and 1.
 */
split: number, };

/**
 * The first so many images.
 */
export type Limit = { 
/**
 * Of the training set, before the validation split.
 */
train?: number | null, 
/**
 * Of the test set.
 */
test?: number | null, };

/**
 * Which of CIFAR-100's labels to learn.
 */
export type LabelMode = "fine" | "coarse";

/**
 * The two names of one loss: labels as numbers, or as one-hot rows.
 */
export type LossKind = "sparse_categorical_crossentropy" | "categorical_crossentropy";

/**
 * Stops the run where nothing gets better any more.
 */
export type EarlyStopping = { 
/**
 * The figure that is watched; the validation ones need validation images.
 */
monitor?: Monitor, 
/**
 * The least change of the figure that counts as better.
 */
min_delta?: number, 
/**
 * Epochs without a better figure before the run stops.
 */
patience?: number, 
/**
 * Go back to the weights of the best epoch.
 */
restore_best_weights?: boolean, };

/**
 * Keeps the best epoch's weights while the run goes on to its end.
 */
export type ModelCheckpoint = { 
/**
 * The figure by which an epoch is the best.
 */
monitor?: Monitor, };

/**
 * A figure of the history.
 */
export type Monitor = "loss" | "accuracy" | "val_loss" | "val_accuracy";

/**
 * What TypeScript is told of such a family: an object whose options depend on its `type`.
 */
export type Typed = { type: string, [option: string]: unknown };

/**
 * A network's layers and their sums.
 */
export type Summary = { 
/**
 * The input shape as Keras shows it.
 */
input_text: string, 
/**
 * The layers, in order.
 */
layers: Array<LayerSummary>, 
/**
 * Their sums.
 */
totals: Totals, };

/**
 * The summary of one layer.
 */
export type LayerSummary = { 
/**
 * The name, given or generated as in Keras.
 */
name: string, 
/**
 * The layer's `type` in the experiment.
 */
type: string, 
/**
 * The Keras class: `MaxPooling2D`.
 */
class_name: string, 
/**
 * The output shape per image: `[h, w, c]` or `[features]`.
 */
output_shape: Array<number>, 
/**
 * The same as Keras shows it: `(None, 32, 32, 3)`.
 */
shape_text: string, 
/**
 * All parameters.
 */
params: number, 
/**
 * Multiply-accumulates per image. By convention only convolutions and dense layers are counted, without biases.
 */
macs: number, 
/**
 * Floating-point operations per image: two per multiply-accumulate.
 */
flops: number, 
/**
 * Bytes of the output per image; 0 for `flatten`, which only changes the shape.
 */
activation_bytes: number, 
/**
 * The names of the layers whose outputs it reads.
 */
inputs: Array<string>, };

/**
 * The sums over the network.
 */
export type Totals = { 
/**
 * All parameters.
 */
params: number, 
/**
 * Parameters that the optimiser updates.
 */
trainable: number, 
/**
 * Values of the moving statistics.
 */
non_trainable: number, 
/**
 * Multiply-accumulates per image.
 */
macs: number, 
/**
 * Floating-point operations per image: two per multiply-accumulate.
 */
flops: number, 
/**
 * Bytes of one image and of all outputs of its forward pass.
 */
activation_bytes: number, 
/**
 * Bytes of all parameters, 4 bytes each.
 */
param_bytes: number, };

/**
 * What a data set is, besides its images.
 */
export type DatasetHead = { 
/**
 * Its name in experiments.
 */
name: string, 
/**
 * Its name for people.
 */
title: string, 
/**
 * Names of its classes.
 */
classes: Array<string>, 
/**
 * Height, width and channels of an image.
 */
size: [number, number, number], };

/**
 * What a data set holds.
 */
export type DatasetInfo = { 
/**
 * Its name in experiments.
 */
name: string, 
/**
 * Its name for people.
 */
title: string, 
/**
 * Whether its images are drawn, not photographed or written by hand.
 */
synthetic: boolean, 
/**
 * Names of its classes.
 */
classes: Array<string>, 
/**
 * Rows of an image.
 */
height: number, 
/**
 * Columns of an image.
 */
width: number, 
/**
 * Values of a pixel.
 */
channels: number, 
/**
 * Training images.
 */
train: number, 
/**
 * Test images.
 */
test: number, 
/**
 * Training images of each class.
 */
class_counts: Array<number>, };

/**
 * Which engine to use.
 */
export type EngineChoice = "auto" | "cpu" | "gpu" | "gpu-first" | "cpu-first";

/**
 * How a run differs from what its spec says.
 */
export type SessionOptions = { 
/**
 * Which engine.
 */
engine?: EngineChoice, 
/**
 * Take the training pictures in a new random order each epoch.
 */
shuffle?: boolean, };

/**
 * What runs where.
 */
export type SessionInfo = { 
/**
 * `cpu` or `gpu`.
 */
engine: "cpu" | "gpu", 
/**
 * What it runs on.
 */
device: string, 
/**
 * Why this engine.
 */
reason: string, 
/**
 * Something that the user should know.
 */
notice: string | null, 
/**
 * Which build of the arithmetic: `native`, `simd128` or `relaxed-simd`.
 */
build: "simd128" | "relaxed-simd", 
/**
 * The experiment's seed.
 */
seed: number, 
/**
 * Steps an epoch.
 */
steps_per_epoch: number, 
/**
 * Epochs of the run.
 */
epochs: number, 
/**
 * Pictures trained on.
 */
train_samples: number, 
/**
 * Pictures validated on.
 */
validation_samples: number, 
/**
 * Pictures tested on.
 */
test_samples: number, 
/**
 * Class names, merged ones joined.
 */
classes: Array<string>, };

/**
 * Something happened.
 */
export type TrainEvent = { "event": "step", 
/**
 * Steps done in the run.
 */
step: number, 
/**
 * The epoch under way, from 1.
 */
epoch: number, 
/**
 * Steps done in it.
 */
step_in_epoch: number, 
/**
 * Steps it has.
 */
steps_per_epoch: number, 
/**
 * Steps of the run.
 */
total_steps: number, 
/**
 * Training loss with penalties.
 */
loss: number, 
/**
 * Training accuracy.
 */
accuracy: number, 
/**
 * Of the last step.
 */
learning_rate: number, 
/**
 * Training speed of the run so far.
 */
images_per_s: number, } | { "event": "epoch" } & HistoryEpoch | { "event": "done" } & Done | { "event": "interrupted", 
/**
 * Steps done when it happened.
 */
step: number, 
/**
 * Steps done at the snapshot, from which they are counted on.
 */
resumed_step: number, 
/**
 * The epoch under way at the snapshot, from 1.
 */
epoch: number, 
/**
 * Steps that the snapshot has of it.
 */
step_in_epoch: number, 
/**
 * Steps it has.
 */
steps_per_epoch: number, 
/**
 * What the run goes on with: `cpu` or `gpu`.
 */
engine: "cpu" | "gpu", 
/**
 * And on what.
 */
device: string, 
/**
 * Why on that.
 */
reason: string, 
/**
 * What happened, for people.
 */
message: string, } | { "event": "notice", 
/**
 * In a sentence.
 */
message: string, };

/**
 * The end of a run.
 */
export type Done = { 
/**
 * On the whole test set, penalties included.
 */
test_loss: number, 
/**
 * On the whole test set.
 */
test_accuracy: number, 
/**
 * The right class among the five likeliest.
 */
test_top_5_accuracy: number, 
/**
 * `confusion[label][predicted]`.
 */
confusion: Array<Array<number>>, 
/**
 * `cpu` or `gpu`.
 */
engine: "cpu" | "gpu", 
/**
 * What it ran on.
 */
device: string, 
/**
 * Which build of the arithmetic.
 */
build: string, 
/**
 * Training speed, data path included, evaluation not.
 */
images_per_s: number, 
/**
 * Training and validation.
 */
seconds: number, 
/**
 * Whether early stopping ended it.
 */
stopped_early: boolean, };

/**
 * One picture's probabilities.
 */
export type Prediction = { 
/**
 * Its place in the file.
 */
index: number, 
/**
 * The right class.
 */
label: number, 
/**
 * The likeliest class.
 */
predicted: number, 
/**
 * Of each class; they add up to 1.
 */
probabilities: Array<number>, };

/**
 * What a checkpoint says of itself.
 */
export type CheckpointInfo = { 
/**
 * The experiment it belongs to.
 */
experiment: Experiment, 
/**
 * Epochs done.
 */
epoch: number, 
/**
 * Steps done.
 */
step: number, 
/**
 * Whether the run came to its end.
 */
done: boolean, };

/**
 * What the check found.
 */
export type Numbers = { 
/**
 * Pictures that passed through.
 */
pictures: number, 
/**
 * The CPU engine's device.
 */
cpu: string, 
/**
 * The GPU engine's device, where there is one.
 */
gpu: string | null, 
/**
 * Why there is none, where there is none.
 */
no_gpu: string | null, 
/**
 * The batch's loss on the CPU.
 */
loss: number, 
/**
 * And on the GPU.
 */
gpu_loss: number | null, 
/**
 * Every layer in order.
 */
layers: Array<LayerNumbers>, 
/**
 * Every trained tensor in order.
 */
gradients: Array<GradientNumbers>, 
/**
 * Whether everything that was checked agrees.
 */
agrees: boolean, };

/**
 * One layer's output on both engines.
 */
export type LayerNumbers = { 
/**
 * Its name.
 */
name: string, 
/**
 * The largest value on the CPU, without its sign.
 */
largest: number, 
/**
 * The largest difference between the engines.
 */
difference: number | null, 
/**
 * Whether that is rounding.
 */
agrees: boolean, };

/**
 * One tensor's gradient.
 */
export type GradientNumbers = { 
/**
 * `conv2d.kernel`.
 */
name: string, 
/**
 * Its length as the CPU engine has it.
 */
gradient: number, 
/**
 * The same by finite differences of the loss; none where the time was over.
 */
finite_difference: number | null, 
/**
 * The length of its difference to the GPU's.
 */
difference: number | null, 
/**
 * Whether they agree.
 */
agrees: boolean, };

/**
 * A whole run.
 */
export type History = { 
/**
 * A row an epoch.
 */
epochs: Array<HistoryEpoch>, 
/**
 * The learning rate of every step.
 */
learning_rates: Array<number>, 
/**
 * What was changed by hand, in order.
 */
events?: Array<RateChange>, 
/**
 * `cpu` or `gpu`.
 */
engine: string, 
/**
 * What it ran on.
 */
device: string, 
/**
 * Which build of the arithmetic: relaxed SIMD may round differently between processors.
 */
build: string, 
/**
 * The experiment's seed.
 */
seed: number, 
/**
 * What broke it off on the way.
 */
interruptions?: Array<Interruption>, };

/**
 * One epoch.
 */
export type HistoryEpoch = { 
/**
 * From 1.
 */
epoch: number, 
/**
 * Mean training loss over the epoch's pictures while they were trained on, plus penalties.
 */
loss: number, 
/**
 * Training accuracy, likewise.
 */
accuracy: number, 
/**
 * Validation loss after the epoch, plus penalties.
 */
val_loss?: number, 
/**
 * Validation accuracy after the epoch.
 */
val_accuracy?: number, 
/**
 * Of the epoch's last step.
 */
learning_rate: number, 
/**
 * Seconds of training and validation.
 */
seconds: number, };

/**
 * Something done to a run by hand while it went on.
 */
export type RateChange = { "event": "learning_rate", 
/**
 * Steps done before; the next one is the first with this rate.
 */
step: number, 
/**
 * The epoch under way, from 1.
 */
epoch: number, 
/**
 * The rate.
 */
learning_rate: number, };

/**
 * Something that broke a run off, after which it went on by itself.
 */
export type Interruption = { 
/**
 * Steps done when it happened.
 */
step: number, 
/**
 * Steps that were done over: those since the last snapshot.
 */
repeated: number, 
/**
 * What happened, and what the run went on with.
 */
message: string, };

/**
 * What an evaluation measures, as programs see it.
 */
export type Evaluation = { 
/**
 * Mean loss, penalties included.
 */
loss: number, 
/**
 * The share that was right.
 */
accuracy: number, 
/**
 * The share whose right class is among the five likeliest.
 */
top_5_accuracy: number, 
/**
 * `confusion[label][predicted]`, counts.
 */
confusion: Array<Array<number>>, };

/**
 * What follows from a confusion matrix.
 */
export type Scores = { 
/**
 * Of each class.
 */
classes: Array<ClassScores>, 
/**
 * The most frequent mistakes, most frequent first.
 */
mistakes: Array<Mistake>, };

/**
 * Precision, recall and F1 of one class; `None` where the divisor is zero, so that the figure is undefined.
 */
export type ClassScores = { 
/**
 * Of the images predicted as this class, the share that is: TP / (TP + FP).
 */
precision: number | null, 
/**
 * Of the images of this class, the share that was found: TP / (TP + FN).
 */
recall: number | null, 
/**
 * 2 TP / (2 TP + FP + FN), the harmonic mean of the two; 0 where one of them is undefined and the class occurs.
 */
f1: number | null, 
/**
 * Images of this class.
 */
support: number, };

/**
 * A pair of classes that the network confuses.
 */
export type Mistake = { 
/**
 * The true class.
 */
label: number, 
/**
 * The predicted class.
 */
predicted: number, 
/**
 * Images of that label with that prediction.
 */
count: number, };

/**
 * Where validation was best, and how the gap to training grew afterwards.
 */
export type Overfitting = { 
/**
 * The epoch of lowest validation loss, from 1; the run overfits after it.
 */
epoch: number, 
/**
 * Its validation loss.
 */
val_loss: number, 
/**
 * Its validation accuracy.
 */
val_accuracy: number, 
/**
 * Epochs after it.
 */
epochs_after: number, 
/**
 * Validation loss minus training loss at that epoch.
 */
loss_gap: number, 
/**
 * The same at the last epoch.
 */
last_loss_gap: number, 
/**
 * Training accuracy minus validation accuracy at that epoch.
 */
accuracy_gap: number, 
/**
 * The same at the last epoch.
 */
last_accuracy_gap: number, };

/**
 * Groups of runs side by side.
 */
export type Comparison = { 
/**
 * The figures of each group.
 */
groups: Array<ComparedGroup>, 
/**
 * How many classes the first group that merges classes has.
 */
merged_classes: number | null, };

/**
 * Runs that differ in their seeds only, among others.
 */
export type ComparedGroup = { 
/**
 * On the test set.
 */
test_accuracy: Spread | null, 
/**
 * On the test set.
 */
test_loss: Spread | null, 
/**
 * On the merged classes of the first group that merges classes.
 */
merged_accuracy: Spread | null, 
/**
 * Of each run that was validated, where it overfits.
 */
overfitting: Array<Overfitting>, 
/**
 * The lowest validation loss.
 */
best_val_loss: Spread | null, 
/**
 * Training accuracy minus validation accuracy after the last epoch.
 */
last_accuracy_gap: Spread | null, 
/**
 * All parameters.
 */
params: Spread | null, 
/**
 * Multiply-accumulates per image.
 */
macs: Spread | null, 
/**
 * Multiply-accumulates of the whole training, forward and backward.
 */
training_macs: Spread | null, 
/**
 * Epochs done.
 */
epochs: Spread | null, 
/**
 * Time of training and validation, as text.
 */
time: string | null, 
/**
 * Training speed.
 */
images_per_s: Spread | null, };

/**
 * A figure over runs that differ in their seeds only.
 */
export type Spread = { 
/**
 * The mean.
 */
mean: number, 
/**
 * The sample standard deviation; 0 of a single run.
 */
deviation: number, };

/**
 * A run.
 */
export type RunFile = { 
/**
 * What was run.
 */
experiment: Experiment, 
/**
 * A row an epoch.
 */
epochs: Array<HistoryEpoch>, 
/**
 * The learning rate of every step.
 */
learning_rates: Array<number>, 
/**
 * What was changed by hand, in order.
 */
events?: Array<RateChange>, 
/**
 * `cpu` or `gpu`.
 */
engine: string, 
/**
 * What it ran on.
 */
device: string, 
/**
 * Which build of the arithmetic: relaxed SIMD may round differently between processors.
 */
build: string, 
/**
 * The experiment's seed.
 */
seed: number, 
/**
 * What broke it off on the way.
 */
interruptions?: Array<Interruption>, 
/**
 * Names of the classes.
 */
classes: Array<string>, 
/**
 * Images trained on in each epoch.
 */
train_samples: number, 
/**
 * Images of the validation set.
 */
validation_samples: number, 
/**
 * Images of the test set.
 */
test_samples: number, 
/**
 * Training speed.
 */
images_per_s?: number | null, 
/**
 * The test figures, where the run was evaluated.
 */
test?: TestFigures | null, };

/**
 * What a file says of a run besides its experiment and its history.
 */
export type RunFigures = { 
/**
 * Names of the classes.
 */
classes: Array<string>, 
/**
 * Images trained on in each epoch.
 */
train_samples: number, 
/**
 * Images of the validation set.
 */
validation_samples: number, 
/**
 * Images of the test set.
 */
test_samples: number, 
/**
 * Training speed.
 */
images_per_s?: number | null, 
/**
 * The test figures, where the run was evaluated.
 */
test?: TestFigures | null, };

/**
 * The test figures of a run.
 */
export type TestFigures = { 
/**
 * Mean cross-entropy and penalties.
 */
test_loss: number, 
/**
 * The share that was right.
 */
test_accuracy: number, 
/**
 * The right class among the five likeliest.
 */
test_top_5_accuracy: number, 
/**
 * `confusion[label][predicted]`.
 */
confusion: Array<Array<number>>, };

/**
 * One edit.
 */
export type LayerEdit = { "edit": "add", 
/**
 * Its index afterwards.
 */
at: number, 
/**
 * The layer.
 */
layer: LayerSpec, } | { "edit": "remove", 
/**
 * Its index.
 */
at: number, } | { "edit": "move", 
/**
 * Its index.
 */
from: number, 
/**
 * Its index afterwards.
 */
to: number, } | { "edit": "change", 
/**
 * Its index.
 */
at: number, 
/**
 * What stands there afterwards.
 */
layer: LayerSpec, };

/**
 * How all layers fare at one moment.
 */
export type Health = { 
/**
 * Steps done.
 */
step: number, 
/**
 * The first so many training pictures were looked at.
 */
pictures: number, 
/**
 * In order.
 */
layers: Array<LayerHealth>, };

/**
 * How one layer fares; a figure is absent where the layer has nothing to measure.
 */
export type LayerHealth = { 
/**
 * Euclidean norm of its weights.
 */
weight_norm: number | null, 
/**
 * Euclidean norm of the mean loss's gradient by them, penalties left out.
 */
gradient_norm: number | null, 
/**
 * Of a ReLU's units (the channels of a convolution), the share that is zero on every picture.
 */
dead: number | null, 
/**
 * Of a ReLU's outputs, the share that is zero.
 */
zeros: number | null, };

/**
 * A finished run.
 */
export type Submission = { 
/**
 * Which kind of file this is.
 */
format: string, 
/**
 * Of Convlab.
 */
version: string, 
/**
 * Who hands it in, as they say themselves.
 */
student?: string, 
/**
 * The test accuracy that they guessed before the run.
 */
guess?: number, 
/**
 * `2026-11-20 23:10 UTC`
 */
date: string, 
/**
 * What was run; the seed is in it.
 */
experiment: Experiment, 
/**
 * On what.
 */
data: UsedData, 
/**
 * What was measured, and on what engine, device and build.
 */
history: History, 
/**
 * On the test set.
 */
test: Done, 
/**
 * Of the final parameters.
 */
weights_sha256: string, 
/**
 * To read, in Markdown, written by whoever makes the file; a replay takes its figures from the fields above.
 */
report: string, };

/**
 * The pictures that a run used.
 */
export type UsedData = { 
/**
 * The data set's name in experiments.
 */
name: string, 
/**
 * Its name for people.
 */
title: string, 
/**
 * Training pictures used, those for validation among them.
 */
train: number, 
/**
 * Test pictures used.
 */
test: number, 
/**
 * Over their sizes, pixels and labels.
 */
sha256: string, };

/**
 * A run as whoever drove it knows it.
 */
export type ReportInput = { 
/**
 * What was run.
 */
experiment: Experiment, 
/**
 * Where it ran.
 */
info: SessionInfo, 
/**
 * What the data set is called.
 */
data_title: string, 
/**
 * The browser, or the operating system where there is none.
 */
system: string, 
/**
 * What happened.
 */
history: History, 
/**
 * The test figures.
 */
done: Done, 
/**
 * The first test pictures.
 */
samples: Array<Sample>, };

/**
 * One picture and what the network makes of it.
 */
export type Sample = { 
/**
 * `(height, width, channels)`, 0 to 255.
 */
pixels: Array<number>, 
/**
 * The probabilities.
 */
prediction: Prediction, };

/**
 * The asker's own numbers.
 */
export type CostQuestion = { 
/**
 * Pictures a training step, in place of the experiment's.
 */
batch?: number, 
/**
 * Pictures an epoch, in place of the data set's.
 */
images?: number, 
/**
 * Epochs, in place of the experiment's.
 */
epochs?: number, 
/**
 * Cycles a second, in 10⁹.
 */
clock_ghz?: number, 
/**
 * Cores at work; one unless given.
 */
cores?: number, 
/**
 * Milliseconds of a measured training step.
 */
ms_per_step?: number, 
/**
 * Give or take so many.
 */
ms_error?: number, 
/**
 * 10⁹ floating-point operations a second at best.
 */
gflops?: number, 
/**
 * 10⁹ bytes a second at best.
 */
gb_per_s?: number, 
/**
 * Cores of the device that the CPU engine would train on; one unless given.
 */
device_cores?: number, };

/**
 * A cost sheet and the times that the asker's numbers allow.
 */
export type Cost = { 
/**
 * The counts.
 */
sheet: CostSheet, 
/**
 * The times.
 */
time: Times, };

/**
 * The whole sheet, but for the times.
 */
export type CostSheet = { 
/**
 * The experiment.
 */
name: string, 
/**
 * Layer by layer.
 */
layers: Array<LayerCost>, 
/**
 * One picture, forward.
 */
forward: ForwardMemory, 
/**
 * A batch, forward and back.
 */
training: TrainingMemory, 
/**
 * What the GPU engine really allocates for it.
 */
allocation: Allocation, 
/**
 * And the CPU engine.
 */
cpu_allocation: CpuAllocation, 
/**
 * All parameters.
 */
params: number, 
/**
 * Multiply-accumulates of one picture, forward.
 */
macs: number, 
/**
 * Of one picture in training.
 */
training_macs: number, 
/**
 * Pictures trained on in an epoch, where the experiment's data set is a known one.
 */
images: number | null, 
/**
 * Epochs.
 */
epochs: number, 
/**
 * What the sources print, where this is their network.
 */
sources: Array<SourceFigure>, };

/**
 * One layer.
 */
export type LayerCost = { 
/**
 * The layer's name.
 */
name: string, 
/**
 * Its type.
 */
type: string, 
/**
 * One picture's output.
 */
output_shape: Array<number>, 
/**
 * O = (N − F) / S + 1 with this layer's numbers.
 */
output_formula: string | null, 
/**
 * Values of one picture that it reads.
 */
input_values: number, 
/**
 * Values that one picture's output holds in memory.
 */
values: number, 
/**
 * Parameters.
 */
params: number, 
/**
 * P = ((m · n · C_in) + 1) · C_out with this layer's numbers.
 */
params_formula: string | null, 
/**
 * Multiply-accumulates a picture.
 */
macs: number, 
/**
 * M = O_h · O_w · C_out · m · n · C_in with this layer's numbers.
 */
macs_formula: string | null, };

/**
 * Memory of a forward pass of one picture.
 */
export type ForwardMemory = { 
/**
 * The picture's own values.
 */
input_values: number, 
/**
 * With all outputs.
 */
values: number, 
/**
 * 4 bytes each.
 */
bytes: number, };

/**
 * Memory of training, by the book: everything is kept until the step ends.
 */
export type TrainingMemory = { 
/**
 * Pictures a step, or a piece of one where the experiment cuts its batches.
 */
batch: number, 
/**
 * The pictures and all outputs.
 */
activations: number, 
/**
 * The gradients by them, where one is needed.
 */
activation_gradients: number, 
/**
 * Parameters, moving statistics included.
 */
parameters: number, 
/**
 * The gradients by the trained ones.
 */
parameter_gradients: number, 
/**
 * What the optimiser remembers of each trained parameter.
 */
optimizer_slots: number, 
/**
 * All of it, in bytes.
 */
total: number, };

/**
 * Buffers of the GPU engine, the data set's pictures not among them.
 */
export type Allocation = { 
/**
 * All of them, in bytes.
 */
bytes: number, 
/**
 * The largest, which must fit into one buffer of the device.
 */
largest_bytes: number, 
/**
 * What the largest holds: `conv2d: output`.
 */
largest: string, 
/**
 * Whether a smaller batch makes the largest smaller.
 */
grows_with_batch: boolean, };

/**
 * Memory of the CPU engine, the data set's pictures not among it.
 */
export type CpuAllocation = { 
/**
 * All of it, in bytes.
 */
bytes: number, 
/**
 * Threads, or workers, that it is for.
 */
lanes: number, };

/**
 * One figure.
 */
export type SourceFigure = { 
/**
 * What is counted.
 */
what: string, 
/**
 * Counted here.
 */
here: number, 
/**
 * Printed in the first source, where it has it.
 */
first: number | null, 
/**
 * Printed in the second source, where it has it.
 */
second: number | null, 
/**
 * Why they differ; empty where they agree.
 */
why: string, };

/**
 * Three ways to reckon the time of a run.
 */
export type Times = { 
/**
 * Instructions ÷ clock.
 */
by_clock: ByClock | null, 
/**
 * Measured and extrapolated.
 */
measured: Extrapolated | null, 
/**
 * The device's roofline.
 */
roofline: Roofline | null, };

/**
 * One multiplication a cycle and core.
 */
export type ByClock = { 
/**
 * Cycles a second, in 10⁹.
 */
clock_ghz: number, 
/**
 * Cores, all busy all the time.
 */
cores: number, 
/**
 * Pictures an epoch.
 */
images: number, 
/**
 * Epochs.
 */
epochs: number, 
/**
 * One picture, forward.
 */
seconds_per_image: number, 
/**
 * All pictures of all epochs, forward only: the sources' way.
 */
forward_seconds: number, 
/**
 * With the way back, three times that.
 */
training_seconds: number, };

/**
 * A measured step times the steps of a run.
 */
export type Extrapolated = { 
/**
 * What was measured.
 */
measured: Measured, 
/**
 * Steps an epoch, the last, short batch included.
 */
steps_per_epoch: number, 
/**
 * Seconds an epoch.
 */
epoch_seconds: number, 
/**
 * Give or take so many.
 */
epoch_error: number, 
/**
 * Seconds of the whole run.
 */
run_seconds: number, 
/**
 * Give or take so many.
 */
run_error: number, };

/**
 * A measured step.
 */
export type Measured = { 
/**
 * Milliseconds a training step.
 */
ms_per_step: number, 
/**
 * Give or take so many.
 */
error_ms: number, 
/**
 * Pictures a step.
 */
batch: number, };

/**
 * The least time of a training step: each layer waits for its arithmetic or for its memory, whichever takes longer.
 */
export type Roofline = { 
/**
 * The device.
 */
rates: Rates, 
/**
 * Operations a byte above which arithmetic is what it waits for.
 */
ridge: number, 
/**
 * Layer by layer.
 */
layers: Array<LayerRoof>, 
/**
 * One step, the update included.
 */
ms_per_step: number, 
/**
 * Pictures a second.
 */
images_per_s: number, };

/**
 * What a device can do at best.
 */
export type Rates = { 
/**
 * 10⁹ floating-point operations a second.
 */
gflops: number, 
/**
 * 10⁹ bytes a second from memory.
 */
gb_per_s: number, };

/**
 * One layer under the roof.
 */
export type LayerRoof = { 
/**
 * Its name.
 */
name: string, 
/**
 * Operations of a step, forward and back.
 */
flops: number, 
/**
 * Bytes that a step reads and writes, forward and back.
 */
bytes: number, 
/**
 * The longer of the two times.
 */
ms: number, 
/**
 * True where it waits for memory.
 */
memory_bound: boolean, };

/**
 * A D × D convolution from M to N channels, whole and separated.
 */
export type Separable = { 
/**
 * Kernel size.
 */
d: number, 
/**
 * Input channels.
 */
m: number, 
/**
 * Output channels.
 */
n: number, 
/**
 * D² · M · N: multiplications a pixel of the ordinary convolution.
 */
standard: number, 
/**
 * D² · M: the depthwise part.
 */
depthwise: number, 
/**
 * M · N: the pointwise part.
 */
pointwise: number, 
/**
 * Both parts.
 */
separable: number, 
/**
 * (both parts) / ordinary = 1 / N + 1 / D².
 */
ratio: number, 
/**
 * Parameters of the ordinary convolution: (D² · M + 1) · N.
 */
standard_params: number, 
/**
 * Parameters of both parts: (D² + 1) · M + (M + 1) · N.
 */
separable_params: number, };

/** A layer: its type, its name and inputs, and its type's own options. */
export interface LayerSpec {
  type: string;
  name?: string;
  inputs?: string[];
  [option: string]: unknown;
}

export type StepEvent = Extract<TrainEvent, { event: "step" }>;
export type EpochEvent = Extract<TrainEvent, { event: "epoch" }>;
export type DoneEvent = Extract<TrainEvent, { event: "done" }>;
export type InterruptedEvent = Extract<TrainEvent, { event: "interrupted" }>;
export type NoticeEvent = Extract<TrainEvent, { event: "notice" }>;
