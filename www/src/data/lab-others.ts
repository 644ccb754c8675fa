/** Files that the open experiment cannot use: asks which of several sets is meant, or offers the experiment that uses them. */
import { titleOf } from '../base/datasets';
import type { Experiment, PresetHead } from '../base/engine';
import type { Messages } from '../lab/messages';
import { pathOf } from '../ui/dropped';
import { type SetId, setOf } from '../worker/protocol';
import { OTHER_SET } from './others-text';
import type { Refusal } from './problems';
import { type Candidate, candidates, isZip } from './several-sets';

/** The members of the lab that this needs. */
interface Opening {
  readonly document: Experiment | null;
  readonly presets: readonly PresetHead[];
  readonly settings: { experiment: string };
  readonly data: { refused: Refusal; title: string };
  readonly messages: Pick<Messages, 'ask' | 'clearErrors' | 'error'>;
  readonly experiments: { waiting: unknown; choose(wanted: { kind: 'preset'; id: string }): Promise<void> };
  readonly worker: { wouldFit(set: SetId, files: [string, Blob][]): Promise<boolean> };
  addFiles(files: File[]): Promise<void>;
  useOwnImages(): void;
  subscribe(listener: () => void): () => void;
}

const isImage = ({ name }: File): boolean => /\.(png|jpe?g|webp|gif|bmp)$/i.test(name);

export async function offerOther(lab: Opening, files: File[]): Promise<void> {
  const { document, data } = lab;
  if (!document) return;
  // An archive of several sets is refused as a whole.
  if (data.refused === 'several' || (files.length === 1 && files.some(isZip))) {
    const several = await candidates(files, (some) => lab.worker.wouldFit(setOf(document), given(some)));
    if (several.length > 1) return choose(lab, several);
  }
  const hasImages = files.filter(isImage).length > files.length / 2;
  for (const { id, title, dataset } of hasImages ? [] : firstOfEachSet(lab)) {
    if (!(await lab.worker.wouldFit({ name: dataset, coarse: false }, given(files)))) continue;
    lab.messages.clearErrors();
    const action = { label: OTHER_SET.open(title), act: () => void open(lab, id, files) };
    return lab.messages.error(OTHER_SET.fits(titleOf(dataset)), [action]);
  }
  if (document.dataset.name === 'images') return;
  const images = setOf({ ...document, dataset: { name: 'images', validation: { split: 0.2 } } });
  if (!(await lab.worker.wouldFit(images, given(files)))) return;
  lab.messages.clearErrors();
  const action = { label: OTHER_SET.useImages, act: () => void useImages(lab, files) };
  lab.messages.error(OTHER_SET.images, [action]);
}

const given = (files: readonly File[]): [string, Blob][] => files.map((file) => [pathOf(file), file]);

/** The first preset on each of the other data sets, with all of their classes. */
function firstOfEachSet({ presets, document }: Opening): PresetHead[] {
  const fitting = presets.filter(
    (one) => one.trainable && !one.merge_classes && one.dataset !== document?.dataset.name,
  );
  return fitting.filter(({ dataset }, i) => fitting.findIndex((other) => other.dataset === dataset) === i);
}

async function choose(lab: Opening, several: Candidate[]): Promise<void> {
  lab.messages.clearErrors();
  const names = several.map(({ name }) => name);
  const answer = await lab.messages.ask(OTHER_SET.several(lab.data.title), names);
  const chosen = answer === null ? undefined : several[answer];
  if (chosen) await lab.addFiles(chosen.files);
}

/** Opens a preset, after the question about unsaved changes, and gives it the files. */
async function open(lab: Opening, id: string, files: File[]): Promise<void> {
  await lab.experiments.choose({ kind: 'preset', id });
  await new Promise<void>((answered) => {
    const look = () => {
      if (lab.experiments.waiting !== null) return;
      end();
      answered();
    };
    const end = lab.subscribe(look);
    look();
  });
  if (lab.settings.experiment === id) await lab.addFiles(files);
}

async function useImages(lab: Opening, files: File[]): Promise<void> {
  lab.useOwnImages();
  await lab.addFiles(files);
}
