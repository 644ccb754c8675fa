/** Texts of the embedded lab. */
import { localized } from '../base/localized';

export const EMBED = localized('EMBED', {
  loading: 'Loading the lab…',
  label: (title: string) => `Convlab: ${title}`,
  open: 'Open in the full lab',
  notJson: (why: string) => `The experiment of <conv-lab> is not valid JSON: ${why}`,
  unknown: (names: string, known: string) =>
    `The address of this frame sets ${names}, which it cannot set. It can set: ${known}.`,
  notAddress: (what: 'experiment' | 'assignment' | 'lesson', received: string) =>
    what !== 'lesson'
      ? `The ${what} of <conv-lab> must be the name of an experiment, a JSON document, or an address that begins with https:// or http://. Received: “${received}”.`
      : `The lesson must have an address that begins with https:// or http://, or one relative to the page. Received: “${received}”.`,
  notAgreed: (what: string, url: string) => `The ${what} ${url} was not loaded, because you did not allow it.`,
  tooLarge: (what: string, most: number) => `it has more than ${most >> 20} MB, which no ${what} has`,
  notFetched: (what: string, url: string, why: string) => `The ${what} ${url} could not be fetched: ${why}.`,
  noAnswer: 'the network is down, or the site does not answer or does not let pages read it (CORS)',
  parameters: (count: string) => `${count} parameters`,
  tableEmpty: 'The table is filled during training.',
  question: {
    title: (what: 'experiment' | 'lesson', host: string) =>
      `Load ${what === 'experiment' ? 'an experiment' : 'a lesson'} from ${host}?`,
    experiment:
      'This lab is set to an experiment of another site. If it is loaded, that site learns of your visit. The experiment is only a description of a network: it cannot run any code.',
    lesson:
      'This lesson is a document of another site. If it is loaded, that site learns of your visit. The lesson is text, questions and descriptions of networks: it cannot run any code.',
    yes: 'Load it',
    no: 'Do not load it',
  },
  about: 'About this experiment',
  guess: {
    title: 'Guess first',
    ask: (epochs: string) => `After ${epochs}, what share of the test images will the network get right?`,
    label: 'My guess, in per cent',
    commit: 'That is my guess',
    invalid: 'Give a number from 0 to 100.',
    made: (guess: string) => `Your guess: ${guess}.`,
    result: (guess: string, reached: string, off: string) =>
      `You guessed ${guess}, the network reached ${reached}: ${off} points apart.`,
    close: 'Very close!',
    over: 'The network did worse than you thought. Why?',
    under: 'The network did better than you thought. Why?',
  },
  assignment: {
    title: (title: string) => `Assignment: ${title}`,
    until: (when: string) => `To hand in until ${when}.`,
    passed: (when: string) => `The deadline was ${when}. What is handed in now is late.`,
    name: 'Your name or number',
    nameHint: 'It is written into the file that you hand in, and into the file’s name.',
    seedHint:
      'Your run gets a seed of its own from it, so write it as your teacher knows it. It is also in the file that you hand in.',
    begin: 'Begin',
    by: 'Done by',
    seed: (seed: number) => `, seed ${seed}.`,
    other: 'Another name',
    option: (path: string) => `You may change: ${path}`,
    open: (count: string) => `${count} without an answer. You can still answer above.`,
  },
  handIn: {
    title: 'Hand in',
    text: 'The file holds the experiment, its seed, every figure of the run and a report. Your teacher’s copy of Convlab can run it again to check it.',
    name: 'Your name',
    button: 'Download the submission',
    preparing: 'Preparing…',
    portable: 'This run used the arithmetic that is the same on every computer, so the check is exact to the last bit.',
  },
});
