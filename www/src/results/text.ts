/** Texts of the results view: test figures, analysis, report, files. */
import { plural } from '../base/format';
import { localized } from '../base/localized';

export const RESULTS = localized('RESULTS', {
  emptyTitle: 'No results yet',
  emptyText: 'Train to the end, or stop a run and evaluate it on the test set.',
  evaluate: 'Evaluate on the test set now',
  evaluating: 'Evaluating…',
  loss: 'Test loss',
  accuracy: 'Test accuracy',
  top5: 'Top-5 accuracy',
  confusion: 'Confusion matrix',
  confusionHint: 'Rows are the true classes, columns the predicted classes. Click a cell to see its images.',
  truth: 'True class',
  predicted: 'Predicted',
  cell: (count: number, truth: string, predicted: string) =>
    `${plural(count, 'image')} of “${truth}” predicted as “${predicted}”`,
  classes: 'By class',
  columns: { class: 'Class', precision: 'Precision', recall: 'Recall', f1: 'F1', support: 'Images' },
  mistakes: 'Most frequent mistakes',
  mistake: (count: string, truth: string, predicted: string) => `${count} × “${truth}” predicted as “${predicted}”`,

  analysis: 'What the run shows',
  noValidation: 'This run has no validation set, so overfitting cannot be detected.',
  noEpoch: 'No epoch is complete yet.',

  merged: (groups: number) => `On ${groups} merged classes`,
  mergedText: (groups: string) =>
    `The confusion matrix of this network, summed up within the groups ${groups}: a mistake between two classes of one group no longer counts.`,
  mergedHere: 'Merged afterwards',
  mergedPlain: 'All classes',
  mergedRetrained: (title: string, seed: number) => `Trained on them: ${title}, seed ${seed}`,
  mergedNone: (id: string) => `No saved run was trained on these groups yet. Train “${id}” to compare.`,

  reportHint: 'One file with everything: curves, history, confusion matrix, predictions, formulas, your observations.',
  openReport: 'Write the report',
  files: 'Figures as files',
  export: 'Export',
  runJson: 'Run (JSON)',
  historyCsv: 'History (CSV)',
  historyJson: 'History (JSON)',
  weights: 'Weights (safetensors)',
  kerasModel: 'Keras model (.keras)',
  onnx: 'ONNX (.onnx)',
  pytorchWeights: 'PyTorch weights (safetensors)',
  modelsHint:
    'The trained network as one file: Keras and ONNX runtimes open it as it is, the PyTorch script loads its weights from it.',
  keras: 'Keras script',
  pytorch: 'PyTorch script',
  scriptsHint:
    'Put a script and the weights in one folder: it rebuilds the network, loads them and gives the same probabilities.',
  notebook: 'Notebook (.ipynb)',
  notebookHint:
    'A notebook for Colab or Jupyter, without weights: it fetches the data, trains the same network in Keras with the same hyperparameters, and draws the curves.',
  checkpoint: 'Checkpoint',
  openCheckpoint: 'Continue from a checkpoint file…',
  load: 'Load weights…',
  loadHint:
    'A safetensors file of the current experiment, from this page or from one of the scripts; or a model from Keras (.keras, .h5, .json) or an ONNX file of this page. Resume continues training from it.',
  loaded: (file: string, experiment: string) =>
    `${file} is loaded into “${experiment}”. Resume continues training from these weights.`,
  pauseFirst: 'Pause or stop the run first.',
});

/** Curves of each class. */
export const CLASS_CURVES = localized('CLASS_CURVES', {
  title: 'Curves per class',
  hint: 'Each class against the rest, at every threshold of its probability on the test set; and whether a prediction is as often right as its probability says.',
  compute: 'Compute the curves',
  computing: 'Computing…',
  emphasise: 'Emphasise the class',
  none: 'none',
  precisionRecall: (mean: string) => `Precision and recall: mean average precision ${mean}`,
  roc: (mean: string) => `ROC: mean area ${mean}`,
  calibration: (ece: string) => `Calibration: expected error (ECE) ${ece}`,
  axes: {
    precisionRecall: { x: 'Recall', y: 'Precision', label: 'Precision by recall, a curve for each class' },
    roc: { x: 'False positive rate', y: 'True positive rate', label: 'ROC curves, one for each class' },
    calibration: {
      x: 'Probability of the prediction',
      y: 'Share that is right',
      label: 'Accuracy by the probability of the prediction; the dashed line is perfect calibration',
    },
  },
  bin: (count: number, confidence: string, accuracy: string) =>
    `${plural(count, 'image')} with a mean probability of ${confidence}: ${accuracy} right`,
  table: 'Areas under the curves by class',
  columns: { class: 'Class', averagePrecision: 'Average precision', auc: 'Area under ROC' },
});

/** The check of the arithmetic. */
export const NUMBERS = localized('NUMBERS', {
  title: 'Are the numbers right?',
  text: 'Runs the same training images through both engines and compares every layer. Then it changes the weights slightly along each gradient and checks that the loss changes as the gradient predicts. The run is not affected.',
  check: 'Check the numbers',
  checking: 'Checking…',
  agrees: 'Everything agrees, up to rounding.',
  differs: 'There are differences: see the marked lines below. Please report them with the experiment.',
  noGpu: (why: string) => `Only the CPU engine was checked: ${why}`,
  engines: (images: string, cpu: string, gpu: string) => `${images} images. ${cpu}; ${gpu}.`,
  onlyCpu: (images: string, cpu: string) => `${images} images. ${cpu}.`,
  layers: 'Outputs of the layers',
  gradients: 'Lengths of the gradients',
  columns: {
    layer: 'Layer',
    largest: 'Largest',
    difference: 'CPU − WebGPU',
    tensor: 'Weights',
    gradient: 'Gradient',
    finite: 'By differences',
  },
  open: 'no time left',
  wrong: 'does not agree',
});
