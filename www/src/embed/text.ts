/** Texts of the embedded lab. */

export const EMBED = {
  waiting: 'This lab starts when it comes into view.',
  loading: 'Loading the lab…',
  label: (title: string) => `Convlab: ${title}`,
  open: 'Open in the full lab',
  attribute: (name: string, expects: string, received: string) =>
    `The attribute ${name} of <conv-lab> must be ${expects}. Received: “${received}”.`,
  notJson: (why: string) => `The experiment of <conv-lab> is not valid JSON: ${why}`,
  notFetched: (url: string, why: string) => `The experiment ${url} could not be fetched: ${why}.`,
  notStarted: 'The lab is not in the page, so it cannot run. Add the element to the document first.',
  nothingYet: 'Nothing has been trained yet. Call start() and wait for convlab-done.',
  parameters: (count: string) => `${count} parameters`,
  tableEmpty: 'The table is filled during training.',
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
  handIn: {
    title: 'Hand in',
    text: 'The file holds the experiment, its seed, every figure of the run and a report. Your teacher’s copy of Convlab can run it again to check it.',
    name: 'Your name',
    button: 'Download the submission',
    preparing: 'Preparing…',
    portable: 'This run used the arithmetic that is the same on every computer, so the check is exact to the last bit.',
  },
} as const;
