/** Texts about runs that the browser keeps, to go on with after a reload, a closed tab or a crash. */

export const KEPT = {
  title: (run: string) => `Go on with the run of “${run}”?`,
  where: (epoch: string, epochs: string, step: string, steps: string, when: string) =>
    `${epoch} of ${epochs} epochs done, step ${step} of ${steps}, kept ${when}. It goes on exactly where it was.`,
  today: (time: string) => `today at ${time}`,
  goOn: 'Go on',
  discard: 'Discard',
  discardLabel: (run: string) => `Discard the kept run of “${run}”`,
  download: 'Checkpoint',
  open: 'Go on from a checkpoint file…',
  notKept: (why: string) =>
    `This run could not be kept for later: ${why}. It trains on, but is lost if the page closes. To be safe, save a checkpoint under Results.`,
} as const;
