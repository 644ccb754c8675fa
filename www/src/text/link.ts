/** Texts of links to the lab. */
export const LINK = {
  copy: 'Copy link',
  hint: 'Copies the address of this lab: experiment, changes, data, engine, seed and view',
  copied: 'Copied',
  failed: (address: string) => `This browser does not let the page copy. The address is: ${address}`,
  broken: 'The changes in the address of this page are damaged, so the experiment is shown as it was made.',
  refused: (why: string) =>
    `The changes in the address of this page cannot be used, so the experiment is shown as it was made: ${why}`,
};
