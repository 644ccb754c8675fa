// Made from the Rust types by tests/types.rs: do not edit.

/**
 * A Convlab experiment: data, network, loss, optimiser and all other options that determine the result of a run.
 */
export type Experiment = { 
/**
 * A short id, such as `net-1`.
 */
name: string, 
/**
 * A title for the reader.
 */
title?: string, 
/**
 * Markdown for the reader: the question, what to look for, what was found.
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
 * The loss function that training minimises.
 */
loss: LossKind, 
/**
 * Share of the label that is spread evenly over all classes, 0 to 1.
 */
label_smoothing?: number, 
/**
 * Weights of the images of a class in the training loss, by the number of the class; 1 for classes that are not named.
 */
class_weight?: { [key in string]: number }, 
/**
 * Of `categorical_focal_crossentropy`: the factor of the loss, or one for each class; 0.25 if not set.
 */
alpha?: Alpha, 
/**
 * Of `categorical_focal_crossentropy`: how much less an image counts that is classified with certainty; 2 if not set.
 */
gamma?: number, 
/**
 * The optimiser: how a step updates the weights.
 */
optimizer: Typed, 
/**
 * How the learning rate changes during the run; it is constant if this is not set.
 */
learning_rate_schedule?: Typed | null, 
/**
 * Random changes of the training images, applied in order; at most 64.
 */
augmentation?: Array<Typed>, 
/**
 * When to stop before the last epoch.
 */
early_stopping?: EarlyStopping | null, 
/**
 * Keep a copy of the best epoch's weights.
 */
model_checkpoint?: ModelCheckpoint | null, 
/**
 * Images in a step, 1 to 65 536.
 */
batch_size?: number, 
/**
 * Compute a batch in micro-batches of at most this many images, to save memory; their gradients are summed before
 * the update. 1 to `batch_size`.
 */
micro_batch_size?: number | null, 
/**
 * Passes over the training set, above 0 and at most 1 000 000. Of a fraction, the run ends within its last epoch.
 */
epochs?: number, 
/**
 * Test with an average over several views of each image.
 */
test_time_augmentation?: TestTimeAugmentation | null, 
/**
 * Seed of all random numbers: the same seed gives the same run.
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
 * Merge classes: the n-th list holds the original classes that form the new class n.
 */
merge_classes?: Array<Array<number>> | null, 
/**
 * Where validation images come from: `"test"` for the test set, `{"split": 0.2}` for the last share of the training
 * set (of `images`, for a share of each class, drawn from the seed), null for none. Validation images that a data set
 * has of its own are used unless this is `"test"`.
 */
validation?: Validation | null, 
/**
 * Use only the first images.
 */
limit?: Limit | null, 
/**
 * Names of the classes, in the order of their labels. The data's own names in another order give the labels that order, as in
 * Keras; other names take their place.
 */
classes?: Array<string> | null, 
/**
 * Which of CIFAR-100's labels to learn: `fine` (100 classes) or `coarse` (20).
 */
label_mode?: LabelMode | null, 
/**
 * Which of EMNIST's sets.
 */
split?: EmnistSplit | null, 
/**
 * Of `images` and `parquet`: height and width to which they are resized; those of `input_shape` if not set.
 */
image_size?: [number, number] | null, 
/**
 * Of `images` and `parquet`: their channels; those of `input_shape` if not set.
 */
color_mode?: ColorMode | null, 
/**
 * Of `images` and `parquet`: how they are resized, `bilinear` if not set.
 */
interpolation?: Interpolation | null, 
/**
 * Of `images` and `parquet`: whether the largest part of the right aspect ratio is cut out instead of distorting the image.
 */
crop_to_aspect_ratio?: boolean | null, 
/**
 * Of `images` without a `test` folder and `parquet` without a test file: the share of each class that is drawn for testing, 0.2 if not set.
 */
test?: Split | null, 
/**
 * Of `parquet`: the column of images, if the file has several.
 */
image_column?: string | null, 
/**
 * Of `parquet`: the column of labels, if the file has several.
 */
label_column?: string | null, };

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
 * Use only the first images.
 */
export type Limit = { 
/**
 * Number of images of the training set, before the validation split.
 */
train?: number | null, 
/**
 * Number of images of the test set.
 */
test?: number | null, };

/**
 * Which of CIFAR-100's labels to learn.
 */
export type LabelMode = "fine" | "coarse";

/**
 * Which of EMNIST's sets.
 */
export type EmnistSplit = "balanced" | "byclass" | "bymerge" | "digits" | "letters" | "mnist";

/**
 * The parts of an experiment that say how image files are read.
 */
export type ImageSource = { 
/**
 * The data and how it is divided.
 */
dataset: DatasetSpec, 
/**
 * Height, width and channels of an image.
 */
input_shape: [number, number, number], 
/**
 * The seed of the experiment.
 */
seed: number, };

/**
 * The loss function: cross-entropy, with labels as class indices or as one-hot vectors.
 */
export type LossKind = "sparse_categorical_crossentropy" | "categorical_crossentropy" | "categorical_focal_crossentropy";

/**
 * The factor of the focal loss: one for all classes, or one for each.
 */
export type Alpha = number | Array<number>;

/**
 * The views of an image whose logits are averaged.
 */
export type TestTimeAugmentation = "flip" | "flip+shift";

/**
 * Stops the run when the monitored figure no longer improves.
 */
export type EarlyStopping = { 
/**
 * The figure to monitor; the validation figures need validation images.
 */
monitor?: Monitor, 
/**
 * The smallest change of the figure that counts as an improvement.
 */
min_delta?: number, 
/**
 * Epochs without an improvement before the run stops.
 */
patience?: number, 
/**
 * Restore the weights of the best epoch.
 */
restore_best_weights?: boolean, };

/**
 * Keeps the best epoch's weights, without stopping the run.
 */
export type ModelCheckpoint = { 
/**
 * The figure that determines the best epoch.
 */
monitor?: Monitor, };

/**
 * A figure of the history.
 */
export type Monitor = "loss" | "accuracy" | "val_loss" | "val_accuracy";

/**
 * The TypeScript type of such a family: an object whose options depend on its `type`.
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
 * Values of the moving statistics, and parameters of frozen layers.
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
 * The channels of the images.
 */
export type ColorMode = "rgb" | "grayscale";

/**
 * How an image is resized. No method smooths an image before it is made smaller, which is Keras's default, too.
 */
export type Interpolation = "bilinear" | "nearest" | "bicubic" | "area" | "lanczos3" | "lanczos5";

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
size: [number, number, number], 
/**
 * How many of the last training images are the set's own validation images.
 */
validation?: number, };

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
 * The set's own validation images.
 */
validation: number, 
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
 * Options of a run that are not part of its experiment.
 */
export type SessionOptions = { 
/**
 * The engine.
 */
engine?: EngineChoice, 
/**
 * Shuffle the training images before each epoch.
 */
shuffle?: boolean, };

/**
 * The engine, the device and the sizes of a run.
 */
export type SessionInfo = { 
/**
 * `cpu` or `gpu`.
 */
engine: "cpu" | "gpu", 
/**
 * The device that it runs on.
 */
device: string, 
/**
 * Why this engine was chosen.
 */
reason: string, 
/**
 * A message for the user.
 */
notice: string | null, 
/**
 * The build of the engine: `native`, `simd128` or `relaxed-simd`.
 */
build: "simd128" | "relaxed-simd", 
/**
 * The experiment's seed.
 */
seed: number, 
/**
 * Steps per epoch.
 */
steps_per_epoch: number, 
/**
 * Epochs of the run, the last one included if it is a part of one.
 */
epochs: number, 
/**
 * Number of training images.
 */
train_samples: number, 
/**
 * Number of validation images.
 */
validation_samples: number, 
/**
 * Number of test images.
 */
test_samples: number, 
/**
 * Class names; the names of merged classes are joined.
 */
classes: Array<string>, };

/**
 * An event of a run.
 */
export type TrainEvent = { "event": "step", 
/**
 * Completed steps of the run.
 */
step: number, 
/**
 * The current epoch, from 1.
 */
epoch: number, 
/**
 * Completed steps of this epoch.
 */
step_in_epoch: number, 
/**
 * Steps of this epoch.
 */
steps_per_epoch: number, 
/**
 * Steps of the whole run.
 */
total_steps: number, 
/**
 * Training loss, penalties included.
 */
loss: number, 
/**
 * Training accuracy, 0 to 1.
 */
accuracy: number, 
/**
 * Learning rate of the last step.
 */
learning_rate: number, 
/**
 * Training speed of the run so far, in images per second.
 */
images_per_s: number, } | { "event": "epoch" } & HistoryEpoch | { "event": "done" } & Done | { "event": "interrupted", 
/**
 * Completed steps before the interruption.
 */
step: number, 
/**
 * Completed steps at the snapshot; the count continues from here.
 */
resumed_step: number, 
/**
 * The epoch at the snapshot, from 1.
 */
epoch: number, 
/**
 * Completed steps of this epoch at the snapshot.
 */
step_in_epoch: number, 
/**
 * Steps per epoch.
 */
steps_per_epoch: number, 
/**
 * The engine from now on: `cpu` or `gpu`.
 */
engine: "cpu" | "gpu", 
/**
 * The device from now on.
 */
device: string, 
/**
 * Why this engine was chosen.
 */
reason: string, 
/**
 * What happened, as text for the user.
 */
message: string, } | { "event": "notice", 
/**
 * One sentence.
 */
message: string, };

/**
 * The result of a complete run.
 */
export type Done = { 
/**
 * Mean loss over the test set, penalties included.
 */
test_loss: number, 
/**
 * Accuracy on the test set, 0 to 1.
 */
test_accuracy: number, 
/**
 * Share of the test images whose label is among the five most probable classes, 0 to 1.
 */
test_top_5_accuracy: number, 
/**
 * Counts of test images, `confusion[label][predicted]`, shape (classes, classes).
 */
confusion: Array<Array<number>>, 
/**
 * `cpu` or `gpu`.
 */
engine: "cpu" | "gpu", 
/**
 * The device that it ran on.
 */
device: string, 
/**
 * The build of the engine: `native`, `simd128` or `relaxed-simd`.
 */
build: string, 
/**
 * Training speed in images per second; it includes the data path and excludes evaluation.
 */
images_per_s: number, 
/**
 * Time of training and validation, in seconds.
 */
seconds: number, 
/**
 * Whether early stopping ended it.
 */
stopped_early: boolean, 
/**
 * The views of each test image over which its logits were averaged, if there were several.
 */
test_time_augmentation?: TestTimeAugmentation, };

/**
 * The prediction for one image.
 */
export type Prediction = { 
/**
 * Index of the image in its set, from 0.
 */
index: number, 
/**
 * The labelled class.
 */
label: number, 
/**
 * The most probable class.
 */
predicted: number, 
/**
 * Probability of each class; they sum to 1.
 */
probabilities: Array<number>, };

/**
 * The run that a checkpoint belongs to.
 */
export type CheckpointInfo = { 
/**
 * The experiment.
 */
experiment: Experiment, 
/**
 * Completed epochs.
 */
epoch: number, 
/**
 * Completed training steps.
 */
step: number, 
/**
 * Whether the run is complete.
 */
done: boolean, };

/**
 * The result of the check.
 */
export type Numbers = { 
/**
 * Number of images.
 */
images: number, 
/**
 * The CPU engine's device.
 */
cpu: string, 
/**
 * The GPU engine's device, if there is one.
 */
gpu: string | null, 
/**
 * Why the GPU engine is not available, if it is not.
 */
no_gpu: string | null, 
/**
 * Mean loss of the batch on the CPU, penalties included.
 */
loss: number, 
/**
 * The same on the GPU.
 */
gpu_loss: number | null, 
/**
 * All layers, in order.
 */
layers: Array<LayerNumbers>, 
/**
 * All trainable parameter tensors, in order.
 */
gradients: Array<GradientNumbers>, 
/**
 * Whether all checks passed.
 */
agrees: boolean, };

/**
 * One layer's output on both engines.
 */
export type LayerNumbers = { 
/**
 * The layer's name.
 */
name: string, 
/**
 * The largest magnitude of the output on the CPU.
 */
largest: number, 
/**
 * The largest absolute difference between the engines.
 */
difference: number | null, 
/**
 * Whether the difference is within the tolerance for rounding.
 */
agrees: boolean, };

/**
 * The gradient of one parameter tensor.
 */
export type GradientNumbers = { 
/**
 * The parameter's name, such as `conv2d.kernel`.
 */
name: string, 
/**
 * Euclidean norm of the CPU engine's gradient.
 */
gradient: number, 
/**
 * The norm by finite differences of the loss; `None` if the time limit was reached.
 */
finite_difference: number | null, 
/**
 * Euclidean norm of the difference between the CPU's and the GPU's gradient.
 */
difference: number | null, 
/**
 * Whether the differences are within the tolerance.
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
 * `cpu` or `gpu`, at its end: the interruptions say what computed the steps before them.
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
 * Mean training loss over the epoch's images while they were trained on, plus penalties.
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
seconds: number, 
/**
 * Whether the run ended within it: the last epoch of a run with a fraction of `epochs`.
 */
partial?: boolean, };

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
 * Something that broke a run off, after which it went on by itself or from a checkpoint.
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
message: string, 
/**
 * The engine before it: `cpu` or `gpu`. Files of earlier versions do not name it.
 */
engine?: string, 
/**
 * The build before it.
 */
build?: string, };

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
 * All curves of an evaluated network.
 */
export type Curves = { 
/**
 * Of each class against the rest.
 */
classes: Array<ClassCurves>, 
/**
 * The mean of the classes' average precision, over the classes that have one.
 */
mean_average_precision: number | null, 
/**
 * The mean of the classes' area under the ROC curve, over the classes that have one.
 */
mean_auc: number | null, 
/**
 * Whether predictions are as often right as their probabilities say.
 */
calibration: Calibration, };

/**
 * The curves of one class: an image counts as found if the probability of the class reaches a threshold.
 */
export type ClassCurves = { 
/**
 * Recall and precision at falling thresholds.
 */
precision_recall: Array<[number, number]>, 
/**
 * The sum of the precisions, each times the recall that it adds; `None` without images of the class.
 */
average_precision: number | null, 
/**
 * The false and the true positive rate at falling thresholds, from (0, 0) to (1, 1).
 */
roc: Array<[number, number]>, 
/**
 * The area under the ROC curve; `None` if all images, or none of them, are of the class.
 */
auc: number | null, };

/**
 * Confidence and accuracy of the predictions.
 */
export type Calibration = { 
/**
 * Expected calibration error: the mean distance of accuracy and confidence over the bins, each weighted by its images.
 */
ece: number, 
/**
 * Fifteen equally wide intervals of the confidence, from 0 to 1.
 */
bins: Array<CalibrationBin>, };

/**
 * The predictions whose probability lies in one interval.
 */
export type CalibrationBin = { 
/**
 * Number of images.
 */
count: number, 
/**
 * Their mean probability; 0 without images.
 */
confidence: number, 
/**
 * The share of them that is right; 0 without images.
 */
accuracy: number, };

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
 * `cpu` or `gpu`, at its end: the interruptions say what computed the steps before them.
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
 * What an imported file holds apart from its weights.
 */
export type ImportedHead = { 
/**
 * The experiment, without what is listed in `unsupported`.
 */
experiment: Experiment, 
/**
 * What has no counterpart here, in the order of the file.
 */
unsupported: Array<Unsupported>, 
/**
 * Which tensors of the file were taken for which parameters, where names did not decide it.
 */
matched: Array<Matched>, };

/**
 * A part of a file that has no counterpart here.
 */
export type Unsupported = { 
/**
 * Its place: `line 12`, `cell 3, line 2`, `layer lstm`.
 */
where: string, 
/**
 * What it is: `LSTM`.
 */
what: string, };

/**
 * A tensor of a file that was taken for a parameter.
 */
export type Matched = { 
/**
 * The parameter: `dense.kernel`.
 */
ours: string, 
/**
 * The file's tensor: `fc1.weight`.
 */
theirs: string, 
/**
 * Whether its features were put from the order (channels, height, width) into (height, width, channels).
 */
reordered: boolean, };

/**
 * Statistics of all layers at one step.
 */
export type Health = { 
/**
 * Completed steps.
 */
step: number, 
/**
 * Number of images: the first ones of the training set.
 */
images: number, 
/**
 * The layers, in order.
 */
layers: Array<LayerHealth>, };

/**
 * Statistics of one layer; a figure is absent if it does not apply to the layer.
 */
export type LayerHealth = { 
/**
 * Euclidean norm of its weights.
 */
weight_norm: number | null, 
/**
 * Euclidean norm of the gradient of the mean loss with respect to them, without penalties.
 */
gradient_norm: number | null, 
/**
 * Share of a ReLU's units (the channels of a convolution) that are zero for every image.
 */
dead: number | null, 
/**
 * Share of a ReLU's outputs that are zero.
 */
zeros: number | null, };

/**
 * A complete run with its figures.
 */
export type Submission = { 
/**
 * The kind of file: `convlab submission 1`.
 */
format: string, 
/**
 * Version of Convlab.
 */
version: string, 
/**
 * The student's name, as entered.
 */
student?: string, 
/**
 * The test accuracy that the student guessed before the run, 0 to 1.
 */
guess?: number, 
/**
 * The student's answers, by the questions' ids.
 */
answers?: Record<string, string | number | boolean>, 
/**
 * The date, such as `2026-11-20 23:10 UTC`.
 */
date: string, 
/**
 * The experiment, including the seed.
 */
experiment: Experiment, 
/**
 * The data.
 */
data: UsedData, 
/**
 * The history: the figures of each epoch, and the engine, device and build.
 */
history: History, 
/**
 * The figures on the test set.
 */
test: Done, 
/**
 * SHA-256 of the final weights' file, in hexadecimal.
 */
weights_sha256: string, 
/**
 * A report in Markdown for the reader. `verify` does not check it.
 */
report: string, };

/**
 * The images that a run used.
 */
export type UsedData = { 
/**
 * The data set's name in experiments.
 */
name: string, 
/**
 * Its title.
 */
title: string, 
/**
 * Number of training images, including those for validation.
 */
train: number, 
/**
 * Number of test images.
 */
test: number, 
/**
 * SHA-256 of their shapes, pixels and labels, in hexadecimal.
 */
sha256: string, };

/**
 * An assignment document. An experiment's document alone is an assignment, too: of this experiment with its own seed, on the
 * CPU engine and the portable build, exact.
 */
export type AssignmentDocument = { 
/**
 * The title.
 */
assignment: string, 
/**
 * The experiment: a preset's id or a document.
 */
experiment: string | Experiment, 
/**
 * The engine that runs must use; the CPU engine if this is not set.
 */
engine?: AllowedEngine, 
/**
 * The build of the CPU engine that runs must use; `simd128` for exact assignments, else any.
 */
build?: AllowedBuild, 
/**
 * Whether every figure must be that of the replay to the last bit. True unless the assignment allows the GPU or a build that
 * rounds differently from processor to processor, which need a tolerance.
 */
exact?: boolean, 
/**
 * The seed: a number, or `"student"` for one that follows from the student's name; the experiment's own if this is not set.
 */
seed?: number | "student", 
/**
 * Checksum of the images, as a submission's `data.sha256` has it.
 */
data_sha256?: string, 
/**
 * The last moment to hand in: `2026-12-04`, the end of that day in UTC, or `2026-12-04T18:00:00+01:00`.
 */
deadline?: string, 
/**
 * The names of those who may hand in; anyone if this is not set.
 */
students?: Array<string>, 
/**
 * The options of the experiment that a student may change, such as `epochs` or `optimizer.learning_rate`.
 */
may_change?: Array<string>, 
/**
 * The questions that a student answers.
 */
questions?: Array<Question>, 
/**
 * What gives points.
 */
rubric?: Array<Award>, };

/**
 * The engines that an assignment allows.
 */
export type AllowedEngine = "cpu" | "gpu" | "any";

/**
 * The builds of the CPU engine that an assignment allows.
 */
export type AllowedBuild = "simd128" | "relaxed-simd" | "native" | "any";

/**
 * A question of an assignment.
 */
export type Question = { 
/**
 * The name under which a submission has the answer.
 */
id: string, 
/**
 * The question.
 */
text: string, 
/**
 * The answers to choose from.
 */
choices?: Array<string>, 
/**
 * The right answer, if there is one: a number, a choice or a word.
 */
answer?: number | string | boolean, 
/**
 * How far a number may be from the right one.
 */
tolerance?: number, };

/**
 * Points of a rubric: for one of an accuracy, an answer and a guess.
 */
export type Award = { 
/**
 * The points.
 */
points: number, 
/**
 * For a test accuracy of at least this, 0 to 1.
 */
accuracy?: number, 
/**
 * For an answer to the question of this id; for the right one, if the question has one.
 */
answer?: string, 
/**
 * For a guess at most this far from the test accuracy; 1 for any guess.
 */
guess?: number, };

/**
 * What a card needs to know.
 */
export type Assigned = { 
/**
 * The title.
 */
title: string, 
/**
 * The experiment, with the student's seed once there is a name.
 */
experiment: Experiment, 
/**
 * Whether the seed follows from the student's name.
 */
has_own_seeds: boolean, 
/**
 * The engine to train on.
 */
engine: EngineChoice, 
/**
 * Whether to train on the portable build.
 */
portable: boolean, 
/**
 * Whether the check is exact to the last bit.
 */
exact: boolean, 
/**
 * The deadline in seconds of Unix time.
 */
deadline: number, 
/**
 * The options of the experiment that the student may change.
 */
may_change: Array<string>, 
/**
 * The questions, without their answers.
 */
questions: Array<Question>, 
/**
 * Whether a guess gives points.
 */
asks_guess: boolean, };

/**
 * A run to repeat, for one or more files.
 */
export type ReplayJob = { 
/**
 * The experiment.
 */
experiment: Experiment, 
/**
 * Whether to use the portable build's arithmetic, in the order to try.
 */
portable: Array<boolean>, 
/**
 * The places of the files.
 */
files: Array<number>, };

/**
 * Why a run could not be repeated.
 */
export type ReplayFailure = { 
/**
 * Whether training itself failed, by a loss or a weight that is NaN or infinite.
 */
diverged: boolean, 
/**
 * A sentence.
 */
message: string, };

/**
 * A file in the table of a class, also while it has no verdict.
 */
export type ClassLine = { 
/**
 * The file's name.
 */
file: string, 
/**
 * The student's name, as entered.
 */
student?: string | null, 
/**
 * Its verdict and all that the table shows.
 */
entry?: ClassEntry | null, 
/**
 * The figures that differ from the replay.
 */
differences: Array<Difference>, };

/**
 * The line of a file that has a verdict.
 */
export type ClassEntry = { 
/**
 * The file's name.
 */
file: string, 
/**
 * The student's name, as entered.
 */
student?: string | null, 
/**
 * The verdict.
 */
verdict: Verdict, 
/**
 * Whether every figure is that of a replay to the last bit.
 */
exact: boolean, 
/**
 * Why, in a sentence.
 */
reason: string, 
/**
 * The experiment's name, according to the file.
 */
experiment?: string | null, 
/**
 * The seed, according to the file.
 */
seed?: number | null, 
/**
 * The engine, according to the file.
 */
engine?: string | null, 
/**
 * The build, according to the file.
 */
build?: string | null, 
/**
 * The test accuracy; that of the file, where it is refuted.
 */
test_accuracy?: number | null, 
/**
 * The guessed accuracy.
 */
guess?: number | null, 
/**
 * Pairs of question and answer.
 */
answers: Array<[string, string]>, 
/**
 * Seconds of training and validation, according to the file.
 */
seconds?: number | null, 
/**
 * When the file was last written, such as `2026-12-04 17:00 UTC`, or `2026-12-04 18:00 without a zone`.
 */
modified?: string | null, 
/**
 * Whether that was after the deadline. A time without a zone is taken for one in the deadline's zone.
 */
late?: boolean | null, 
/**
 * The points of the rubric.
 */
points?: number | null, 
/**
 * Other files of which this may be a copy.
 */
duplicates_of: Array<string>, 
/**
 * What they have in common, such as `weights`.
 */
duplicate_parts: Array<string>, };

/**
 * What the check of a submission comes to.
 */
export type Verdict = "confirmed" | "plausible" | "refuted" | "unreadable";

/**
 * A figure that differs from the replay.
 */
export type Difference = { 
/**
 * The figure's name.
 */
what: string, 
/**
 * The value in the file.
 */
submitted: string, 
/**
 * The value of the replay, or of the assignment.
 */
replayed: string, };

/**
 * The data from which a report is made.
 */
export type ReportInput = { 
/**
 * The experiment.
 */
experiment: Experiment, 
/**
 * The engine, the device and the sizes of the run.
 */
info: SessionInfo, 
/**
 * The data set's title.
 */
data_title: string, 
/**
 * The browser, or the operating system outside a browser.
 */
system: string, 
/**
 * The history of the run.
 */
history: History, 
/**
 * The test figures.
 */
done: Done, 
/**
 * The first test images.
 */
samples: Array<Sample>, 
/**
 * What the author adds.
 */
written?: Written, };

/**
 * One image and its prediction.
 */
export type Sample = { 
/**
 * Pixels of shape (height, width, channels), 0 to 255.
 */
pixels: Array<number>, 
/**
 * The prediction.
 */
prediction: Prediction, };

/**
 * The author, and what they observed.
 */
export type Written = { 
/**
 * The author's name.
 */
name: string, 
/**
 * The course.
 */
course: string, 
/**
 * The date; that of the report if empty.
 */
date: string, 
/**
 * An observation for each figure: `curves`, `history`, `confusion`, `classes`, `first_image`, `images`, `network`; in a
 * comparison `accuracy`, `loss`, `gap`, `table`.
 */
observations: { [figure: string]: string }, };

/**
 * The data from which the report of a comparison is made.
 */
export type ComparisonInput = { 
/**
 * What the author adds.
 */
written: Written, 
/**
 * The runs; the others are compared with the first.
 */
runs: Array<NamedRun>, };

/**
 * A run with the name under which it is compared.
 */
export type NamedRun = { 
/**
 * The name.
 */
name: string, 
/**
 * The run.
 */
run: RunFile, };

/**
 * The runs of a sweep.
 */
export type Sweep = { 
/**
 * The document, with its defaults.
 */
sweep: { [option: string]: unknown }, 
/**
 * The figure that ranks the runs.
 */
monitor: Monitor, 
/**
 * Whether a larger figure is a better one.
 */
more_is_better: boolean, 
/**
 * The runs, in order.
 */
runs: Array<SweepRun>, };

/**
 * A run with its experiment.
 */
export type SweepRun = { 
/**
 * Its number, from 1.
 */
run: number, 
/**
 * The values of the fields that the sweep sets.
 */
values: { [field: string]: unknown }, 
/**
 * The seed.
 */
seed: number, 
/**
 * The experiment with these values.
 */
experiment: Experiment, };

/**
 * What came of one run.
 */
export type SweepOutcome = { 
/**
 * Its number, from 1.
 */
run: number, 
/**
 * The values of the fields that the sweep sets.
 */
values: { [field: string]: unknown }, 
/**
 * The seed.
 */
seed: number, 
/**
 * How it ended.
 */
status: SweepStatus, 
/**
 * The reason, where it did not come to its end.
 */
reason?: string | null, 
/**
 * The monitored figure after each epoch; epochs where it is NaN or infinite are left out.
 */
figures: Array<number>, 
/**
 * The epoch of the best figure, from 1, whose figures follow; `None` if no epoch was completed.
 */
best_epoch: number | null, 
/**
 * The best monitored figure.
 */
best: number | null, 
/**
 * Training loss of that epoch.
 */
loss: number | null, 
/**
 * Training accuracy of that epoch.
 */
accuracy: number | null, 
/**
 * Validation loss of that epoch.
 */
val_loss: number | null, 
/**
 * Validation accuracy of that epoch.
 */
val_accuracy: number | null, 
/**
 * Loss on the test set, of a finished run.
 */
test_loss: number | null, 
/**
 * Accuracy on the test set, of a finished run.
 */
test_accuracy: number | null, 
/**
 * Seconds of training and validation.
 */
seconds: number, };

/**
 * How a run ended.
 */
export type SweepStatus = "finished" | "stopped" | "diverged";

/**
 * The runs that differ in their seeds only.
 */
export type SweepConfiguration = { 
/**
 * The values of the fields that the sweep sets.
 */
values: { [field: string]: unknown }, 
/**
 * The numbers of its runs.
 */
runs: Array<number>, 
/**
 * The best monitored figure; `None` if a run has none.
 */
best: Spread | null, 
/**
 * Accuracy on the test set; `None` unless every run is finished.
 */
test_accuracy: Spread | null, };

/**
 * What came of the runs so far.
 */
export type SweepResults = { 
/**
 * The configurations, the best first.
 */
configurations: Array<SweepConfiguration>, 
/**
 * For each field, the share of the differences that it explains.
 */
importance: { [field: string]: number }, };

/**
 * What a range test shows.
 */
export type RangeTest = { 
/**
 * The losses, smoothed: the exponential mean of the losses so far, corrected for its start.
 */
smoothed: Array<number>, 
/**
 * The step, from 0, with the lowest smoothed loss.
 */
lowest: number, 
/**
 * The step at which the smoothed loss falls fastest over the logarithm of the rate.
 */
steepest: number, 
/**
 * The proposed rate, that of the steepest fall; `None` if the loss never falls.
 */
proposed: number | null, 
/**
 * Whether the loss has diverged, so that larger rates need no steps.
 */
diverged: boolean, };

/**
 * One figure of the course's question how long a network takes: the source's way, and what it counts.
 */
export type TimeFigure = { 
/**
 * What the figure is.
 */
what: string, 
/**
 * How it is computed.
 */
formula: string, 
/**
 * The figure by the first way, which takes the values of a pass for instructions.
 */
by_values: number | null, 
/**
 * The figure by the second way, which takes the multiplications.
 */
by_multiplications: number | null, 
/**
 * The same, counted here: forward and backward pass, at one multiply-accumulate per cycle.
 */
here: number | null, 
/**
 * The unit.
 */
unit: string, };

/**
 * The numbers from which the times are computed.
 */
export type CostQuestion = { 
/**
 * Images per training step, instead of the experiment's.
 */
batch?: number, 
/**
 * Images per epoch, instead of the data set's.
 */
images?: number, 
/**
 * Number of epochs, instead of the experiment's.
 */
epochs?: number, 
/**
 * Clock rate in GHz (10⁹ cycles per second).
 */
clock_ghz?: number, 
/**
 * Number of cores; 1 by default.
 */
cores?: number, 
/**
 * Measured time of a training step, in milliseconds.
 */
ms_per_step?: number, 
/**
 * Error of the measured time, ± milliseconds.
 */
ms_error?: number, 
/**
 * Peak compute rate in GFLOP/s (10⁹ floating-point operations per second).
 */
gflops?: number, 
/**
 * Peak memory bandwidth in GB/s (10⁹ bytes per second).
 */
gb_per_s?: number, 
/**
 * Number of cores of the device, for the CPU engine's memory; 1 by default.
 */
device_cores?: number, };

/**
 * A cost sheet and the times that can be computed from the given numbers.
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
 * The whole sheet, without the times.
 */
export type CostSheet = { 
/**
 * The experiment's name.
 */
name: string, 
/**
 * Layer by layer.
 */
layers: Array<LayerCost>, 
/**
 * Memory of a forward pass of one image.
 */
forward: ForwardMemory, 
/**
 * Memory of a training step.
 */
training: TrainingMemory, 
/**
 * What the GPU engine allocates for training.
 */
allocation: Allocation, 
/**
 * What the CPU engine allocates for training.
 */
cpu_allocation: CpuAllocation, 
/**
 * Number of parameters, moving statistics included.
 */
params: number, 
/**
 * Number of parameters that are trained.
 */
trainable: number, 
/**
 * Multiply-accumulates per image, forward.
 */
macs: number, 
/**
 * Multiply-accumulates per image in training.
 */
training_macs: number, 
/**
 * Training images per epoch, if the size of the data set is known.
 */
images: number | null, 
/**
 * Number of epochs, rounded up.
 */
epochs: number, 
/**
 * Images of a step to measure, where a whole batch is not measured: the network is only counted here, not trained.
 */
measured_batch?: number, 
/**
 * The comparison with published figures, if this is their network.
 */
sources: Array<SourceFigure>, 
/**
 * Two sources' answers to the question of time, if this is their network.
 */
time_sources: Array<TimeFigure>, };

/**
 * The cost of one layer.
 */
export type LayerCost = { 
/**
 * The layer's name.
 */
name: string, 
/**
 * The layer's type, such as `conv2d`.
 */
type: string, 
/**
 * Shape of the output for one image.
 */
output_shape: Array<number>, 
/**
 * O = (N − F) / S + 1 with this layer's numbers.
 */
output_formula: string | null, 
/**
 * Input values for one image.
 */
input_values: number, 
/**
 * Values that the output for one image holds in memory.
 */
values: number, 
/**
 * Number of parameters.
 */
params: number, 
/**
 * P = ((m · n · C_in) + 1) · C_out with this layer's numbers.
 */
params_formula: string | null, 
/**
 * Multiply-accumulates per image.
 */
macs: number, 
/**
 * M = O_h · O_w · C_out · m · n · C_in with this layer's numbers.
 */
macs_formula: string | null, };

/**
 * Memory of a forward pass of one image.
 */
export type ForwardMemory = { 
/**
 * Values of the image.
 */
input_values: number, 
/**
 * Values of the image and of all outputs.
 */
values: number, 
/**
 * Bytes, 4 per value.
 */
bytes: number, };

/**
 * Memory of training in bytes, if all values are kept until the end of a step.
 */
export type TrainingMemory = { 
/**
 * Images per step, or per micro-batch if the experiment has micro-batches.
 */
batch: number, 
/**
 * The images and all outputs.
 */
activations: number, 
/**
 * The gradients with respect to the outputs, as far as backpropagation needs them.
 */
activation_gradients: number, 
/**
 * Parameters, moving statistics included.
 */
parameters: number, 
/**
 * The gradients with respect to the trainable parameters.
 */
parameter_gradients: number, 
/**
 * The optimiser's slots: its state for each trainable parameter.
 */
optimizer_slots: number, 
/**
 * The sum, in bytes.
 */
total: number, };

/**
 * Buffers of the GPU engine, without the data set's images.
 */
export type Allocation = { 
/**
 * Total, in bytes.
 */
bytes: number, 
/**
 * Size of the largest buffer in bytes; the device limits the size of a buffer.
 */
largest_bytes: number, 
/**
 * What the largest buffer holds, such as `conv2d: output`.
 */
largest: string, 
/**
 * Whether a smaller batch makes the largest buffer smaller.
 */
grows_with_batch: boolean, };

/**
 * Memory of the CPU engine, without the data set's images.
 */
export type CpuAllocation = { 
/**
 * Total, in bytes.
 */
bytes: number, 
/**
 * Number of threads or workers.
 */
lanes: number, };

/**
 * One figure: computed, and from the sources.
 */
export type SourceFigure = { 
/**
 * What the figure counts.
 */
what: string, 
/**
 * The computed value.
 */
here: number, 
/**
 * The first source's value, if it has one.
 */
first: number | null, 
/**
 * The second source's value, if it has one.
 */
second: number | null, 
/**
 * Why they differ; empty if they agree.
 */
why: string, };

/**
 * Three estimates of the time of a run.
 */
export type Times = { 
/**
 * Instructions ÷ clock rate.
 */
by_clock: ClockEstimate | null, 
/**
 * Extrapolated from a measured step.
 */
measured: Extrapolated | null, 
/**
 * The device's roofline.
 */
roofline: Roofline | null, };

/**
 * Time at one multiplication per cycle and core.
 */
export type ClockEstimate = { 
/**
 * Clock rate in GHz (10⁹ cycles per second).
 */
clock_ghz: number, 
/**
 * Number of cores, all fully used.
 */
cores: number, 
/**
 * Images per epoch.
 */
images: number, 
/**
 * Number of epochs.
 */
epochs: number, 
/**
 * Seconds of a forward pass of one image.
 */
seconds_per_image: number, 
/**
 * Seconds of the forward passes of all images in all epochs, as the sources compute it.
 */
forward_seconds: number, 
/**
 * Seconds with the backward passes: three times that.
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
 * Steps per epoch, including the last, possibly smaller batch.
 */
steps_per_epoch: number, 
/**
 * Seconds per epoch.
 */
epoch_seconds: number, 
/**
 * Error, ± seconds.
 */
epoch_error: number, 
/**
 * Seconds of the whole run.
 */
run_seconds: number, 
/**
 * Error, ± seconds.
 */
run_error: number, };

/**
 * A measured step.
 */
export type Measured = { 
/**
 * Milliseconds per training step.
 */
ms_per_step: number, 
/**
 * Error, ± milliseconds.
 */
error_ms: number, 
/**
 * Images per step.
 */
batch: number, };

/**
 * A lower bound of the time of a training step: each layer takes the longer of its compute time and its memory time.
 */
export type Roofline = { 
/**
 * The device's rates.
 */
rates: Rates, 
/**
 * Operations per byte above which a layer is compute-bound.
 */
ridge: number, 
/**
 * Layer by layer.
 */
layers: Array<LayerRoof>, 
/**
 * Milliseconds per step, the update included.
 */
ms_per_step: number, 
/**
 * Images per second.
 */
images_per_s: number, };

/**
 * Peak rates of a device.
 */
export type Rates = { 
/**
 * Compute rate in GFLOP/s (10⁹ floating-point operations per second).
 */
gflops: number, 
/**
 * Memory bandwidth in GB/s (10⁹ bytes per second).
 */
gb_per_s: number, };

/**
 * The roofline of one layer.
 */
export type LayerRoof = { 
/**
 * The layer's name.
 */
name: string, 
/**
 * Floating-point operations of a step, forward and backward.
 */
flops: number, 
/**
 * Bytes that a step reads and writes, forward and backward.
 */
bytes: number, 
/**
 * The longer of the compute time and the memory time, in milliseconds.
 */
ms: number, 
/**
 * Whether the memory time is the longer one.
 */
memory_bound: boolean, };

/**
 * A D × D convolution from M to N channels, ordinary and depthwise separable.
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
 * D² · M · N: multiplications per output pixel of the ordinary convolution.
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
 * The sum of both parts.
 */
separable: number, 
/**
 * separable / ordinary = 1 / N + 1 / D².
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
