/** Texts of the forms of an experiment’s options. */
export const FORMS = {
  remove: (name: string) => `Remove ${name}`,
  none: 'none',
  noAugmentation: 'None: the images are used unchanged.',
  addAugmentation: (kind: string) => `Add ${kind}`,
} as const;
