/** Texts of the import of models and code, which are loaded with it. */
import { localized } from '../base/localized';

/** Models of other programs. */
export const IMPORT = localized('IMPORT', {
  unsupported: (file: string, parts: string[]) =>
    `${file}: ${parts.length === 1 ? '1 thing is' : `${parts.length} things are`} not supported: ${parts.join('; ')}.`,
  network: (file: string, name: string) => `The network of ${file} is now the experiment “${name}”.`,
  weights: (file: string, name: string) =>
    `${file} is loaded into “${name}”. Resume continues training from these weights.`,
  code: (name: string) => `The code is now the experiment “${name}”.`,
  matching: {
    question: (file: string) =>
      `The names in ${file} are not those of this network. By order and shape, its tensors would be taken as follows. Is that right?`,
    ours: 'Here',
    theirs: 'In the file',
    reordered: 'reordered: PyTorch flattens by channels first',
    take: 'Take these weights',
    refuse: 'Do not take them',
  },
});
