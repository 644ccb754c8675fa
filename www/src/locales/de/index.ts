/** German. Decimal points stay, as in the documents and in Keras; a narrow space groups digits, since a comma would be a decimal one. */
import type { Catalogue } from '../../base/localized';
import * as base from './base';
import * as charts from './charts';
import * as classes from './class';
import * as compare from './compare';
import * as cost from './cost';
import * as data from './data';
import * as device from './device';
import * as editor from './editor';
import * as embed from './embed';
import * as embedding from './embedding';
import * as forms from './forms';
import * as inside from './inside';
import * as lab from './lab';
import * as lesson from './lesson';
import * as live from './live';
import * as model from './model';
import * as pages from './pages';
import { phrases } from './phrases';
import * as predictions from './predictions';
import { presets } from './presets';
import * as report from './report';
import * as results from './results';
import * as run from './run';
import * as search from './search';
import * as ui from './ui';

export const german: Catalogue = {
  language: 'de',
  dir: 'ltr',
  grouping: '\u202f',
  texts: {
    ...base,
    ...charts,
    ...classes,
    ...compare,
    ...cost,
    ...data,
    ...device,
    ...editor,
    ...embed,
    ...embedding,
    ...forms,
    ...inside,
    ...lab,
    ...lesson,
    ...live,
    ...model,
    ...pages,
    ...predictions,
    ...report,
    ...results,
    ...run,
    ...search,
    ...ui,
  },
  lessons: [
    'convolution-by-hand.md',
    'depth.md',
    'first-lesson.md',
    'lab-sheet.md',
    'overfitting.md',
    'pooling.md',
    'records.md',
  ],
  presets,
  phrases,
};
