/** Texts of what follows a run: its analysis, its report, its files. */
export const RESULTS = {
  analysis: 'What the run shows',
  overfits: (epoch: string, loss: string, accuracy: string, gap: string, side: string) =>
    `Validation loss is least after epoch ${epoch} (${loss}, accuracy ${accuracy}); there it lies ${gap} ${side} training loss.`,
  sides: { above: 'above', below: 'below' },
  soFar: 'That is the latest epoch so far: the network has not begun to overfit yet.',
  notYet: 'That is the last epoch: this run had not begun to overfit.',
  after: (epochs: string, loss: string, accuracy: string) =>
    `From there on the network overfits: ${epochs} later the gap is ${loss} in loss and ${accuracy} points in accuracy.`,
  noValidation: 'This run has no validation set, so where it overfits cannot be said.',
  noEpoch: 'Not one epoch is complete yet.',
  formulas: {
    best: 'Overfits after epoch',
    lossGap: 'Loss gap at the end',
    accuracyGap: 'Accuracy gap at the end',
  },

  merged: (groups: number) => `On ${groups} merged classes`,
  mergedText: (groups: string) =>
    `The confusion matrix of this network, added up within the groups ${groups}: a mistake between two classes of one group no longer counts.`,
  mergedHere: 'Merged afterwards',
  mergedPlain: 'All classes',
  mergedRetrained: (title: string, seed: number) => `Trained so: ${title}, seed ${seed}`,
  mergedNone: (id: string) => `No kept run was trained on these groups yet: train “${id}” and come back.`,

  report: 'Report to hand in',
  reportHint: 'One file with everything: experiment, summary, curves, confusion matrix, predictions, device, seed.',
  reportHtml: 'Report (HTML)',
  reportMarkdown: 'Report (Markdown)',
  reportBusy: 'Writing…',
  files: 'Take it along',
  runJson: 'Run (JSON)',
  historyCsv: 'History (CSV)',
  historyJson: 'History (JSON)',
  weights: 'Weights (safetensors)',
  keras: 'Keras script',
  pytorch: 'PyTorch script',
  scriptsHint:
    'Put a script and the weights in one folder: it rebuilds the network, loads them and gives the same probabilities.',
  load: 'Load weights…',
  loadHint: 'A safetensors file of the experiment on show, from here or from either script. Resume trains on from it.',
  loaded: (file: string, experiment: string) =>
    `${file} is loaded into “${experiment}”. Resume trains on from these weights.`,
  pauseFirst: 'Pause or stop the run first.',
};
