/** Texts of the reports' forms. */
import { localized } from '../base/localized';

export const REPORT = localized('REPORT', {
  title: 'Report to hand in',
  of: (name: string) => `Report of ${name}`,
  hint: 'What you observe stands under the figure in the report and is kept with the run. Empty boxes are printed empty, to write in by hand.',
  author: { name: 'Name', course: 'Course', date: 'Date' },
  today: 'today',
  figures: {
    curves: 'Observations at the curves',
    history: 'Observations at the training history',
    confusion: 'Observations at the confusion matrix',
    classes: 'Observations at the classes',
    first_image: 'Observations at the first test image',
    images: 'Observations at the first test images',
    network: 'Observations at the network and its formulas',
    table: 'Observations at the table of runs',
    accuracy: 'Observations at the accuracy',
    loss: 'Observations at the loss',
    gap: 'Observations at the gap',
  },
  html: 'Report (HTML)',
  markdown: 'Report (Markdown)',
  print: 'Print, or save as PDF',
  document: 'Experiment (JSON)',
  busy: 'Writing…',
  untested:
    'This run was not evaluated on the test set, so it has no report. Continue it, or evaluate it under Results.',
});
