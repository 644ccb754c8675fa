/** Texts of the embedding view. */
import { plural } from '../base/format';
import { localized } from '../base/localized';

export const EMBEDDING = localized('EMBEDDING', {
  title: 'The test set as the network sees it',
  hint: 'Each point is a test image: its values in the last hidden layer, from which the network decides on the class, projected to the plane. Images that the network finds similar lie close to each other. Draw a line around points to see their images.',
  emptyTitle: 'Nothing to show yet',
  emptyText:
    'Start a run. Its test images can be laid out by the network’s last hidden layer during training and afterwards.',
  method: 'Projection',
  methods: { pca: 'PCA', umap: 'UMAP' },
  methodHints: {
    pca: 'Principal components: the two directions in which the images differ most.',
    umap: 'UMAP: neighbours stay neighbours; distances between groups say little. Ten thousand images take about half a minute.',
  },
  color: 'Colour',
  colors: { class: 'By class', mistake: 'By mistake' },
  shown: 'Show',
  kinds: { dots: 'Dots', images: 'Images' },
  images: 'Test images',
  compute: 'Lay out',
  computing: 'Computing…',
  failed: (why: string) =>
    `The images could not be laid out${why ? `: ${why}` : ''}. Choose fewer images, and press “Lay out” again.`,
  layer: (name: string, size: number, count: number) =>
    `${plural(count, 'image')} by the ${plural(size, 'value')} of ${name}`,
  all: (count: string) => `all ${count}`,
  part: (count: string, total: string) => `– ${count} of the ${total} test images, at equal distances in the set.`,
  fewer: 'More of them would take too long with so many values each.',
  stale: 'The network has been trained since then: lay the images out again.',
  plot: (count: string) => `${count} test images in the plane; the table of predictions has the same images`,
  keys: 'Arrow keys move from point to point, Enter selects the image, Shift and Enter adds it to the selected ones or removes it.',
  right: 'right',
  wrong: 'wrong',
  chosen: (count: number, wrong: number) =>
    `${plural(count, 'image')} selected, ${plural(wrong, 'mistake')} among them`,
  more: (count: string) => `and ${count} more`,
  nothing: 'No image selected.',
  image: (index: string, truth: string, predicted: string) =>
    truth === predicted ? `Test image ${index}: ${truth}` : `Test image ${index}: ${truth} → ${predicted}`,
});
