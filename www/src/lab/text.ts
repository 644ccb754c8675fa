/** Texts of the lab itself: errors of the engine, of the address and of files, and refused changes. */
import { localized } from '../base/localized';
import type { Browser } from '../base/platform';
import type { GpuProbe } from '../worker/protocol';

export const LAB = localized('LAB', {
  crash: (why: string) =>
    `The engine has stopped${why ? `: ${why}` : ''}. Start it again: the run can continue from its last stored state, and the data stored in this browser are not lost.`,
  crashUnkept: (why: string) =>
    `The engine has stopped${why ? `: ${why}` : ''}. Start it again: the run begins anew, since a card stores no run; the data stored in this browser are not lost.`,
  notLoaded: (why: string) =>
    `The engine could not be loaded: ${why}. Reload the page; if it happens again, this browser may lack WebAssembly with SIMD.`,
  custom: (title: string) => `${title} (changed)`,
  costSheet: (title: string) =>
    `“${title}” is a cost sheet: its images do not fit into a browser tab, so its costs can be computed, but it cannot be trained. See Model and Cost, or choose another experiment to train.`,
  problem: (file: string, message: string) => `${file}: ${message}`,
  notDeleted: (name: string) =>
    `This browser could not delete “${name}” from its storage, so it will be here again on your next visit. Delete it again then.`,
});

/** Problems of the address of the page. */
export const ADDRESS = localized('ADDRESS', {
  unknown: (name: string, names: string) =>
    `The address of this page has a setting “${name}” that does not exist. There are: ${names}.`,
  invalid: (name: string, expects: string, received: string) =>
    `The address of this page sets ${name}, which must be ${expects}. Received: “${received}”.`,
  experiment: (received: string, names: string) => `There is no experiment “${received}”. There are: ${names}.`,
});

/** Problems of the changes to a preset that an address carries. */
export const EDIT = localized('EDIT', {
  tooLong:
    'The changes are too long for the address of this page, so a copied link does not carry them. To keep them, save the experiment as JSON under Model.',
  broken: 'The changes in the address of this page are damaged, so the unchanged experiment is shown.',
  refused: (why: string) =>
    `The changes in the address of this page cannot be used, so the unchanged experiment is shown: ${why}`,
});

/** The student's own experiments. */
export const OWN = localized('OWN', {
  title: 'My experiments',
  save: 'Save',
  duplicate: 'Duplicate',
  startEmpty: 'Empty network',
  empty: 'Empty network',
  unsaved: 'not saved',
  name: 'Name',
  copyOf: (name: string) => `${name} (copy)`,
  remove: (name: string) => `Delete the experiment “${name}”`,
  removed: (name: string) => `“${name}” is deleted.`,
  undo: 'Undo',
  notKept:
    'This browser could not store the experiment, so it is lost when you leave the page. To keep it, save it as JSON under Model.',
  ask: (title: string) => `Save the changes to “${title}”?`,
  askText: 'Another experiment takes the place of this one. Changes that are not saved are lost.',
  saveFirst: 'Save',
  discard: 'Discard the changes',
  cancel: 'Cancel',
});

/** An experiment that the page around the lab has set. */
export const LOCKED = localized('LOCKED', {
  badge: 'Set by your course',
  hint: 'This experiment is locked: it runs as it was set, so that the runs of all students can be compared.',
  error: 'This experiment is locked by the page, so it cannot be changed. Open the full lab to try changes.',
  rate: 'The learning rate is part of the locked experiment, so it cannot be changed.',
  model: 'This experiment is locked: it can be read here but not changed.',
  files: 'This experiment is locked: it is trained from its initial weights, not from loaded weights or another run.',
});

/** Features that this browser lacks. They are detected by trying them, not by the browser's name. */
export const BROWSER = localized('BROWSER', {
  noSimd:
    'This browser cannot run WebAssembly with SIMD, which the engine needs. Use Chrome 91, Firefox 89, Safari 16.4 or a newer one.',
  noStyles:
    'This browser does not support all styles of this page, so its layout may look wrong, but training works. Chrome 123, Firefox 120, Safari 17.5 and newer versions support them.',
});

/** Why WebGPU is off, and how to turn it on. */
export const GPU = localized('GPU', {
  software: 'WebGPU runs in software here, on the processor, so it is slow. The CPU engine is likely to be faster.',
  insecure:
    'WebGPU is off: browsers offer it only to pages opened over https or from localhost. Training runs on the CPU.',
  missing: (hint: string) => `This browser has no WebGPU, so training runs on the CPU. ${hint}`,
  refused: (hint: string) => `WebGPU gave no graphics adapter, so training runs on the CPU. ${hint}`,
  hints: {
    'chromium-linux':
      'To turn it on: open chrome://flags, enable “Unsafe WebGPU Support” and “Vulkan”, restart the browser, and look at chrome://gpu if it stays off.',
    chromium:
      'To turn it on: in the settings under System, use graphics acceleration when available, restart the browser, and look at chrome://gpu if it stays off.',
    firefox: 'To turn it on: update Firefox, or open about:config, set dom.webgpu.enabled to true and restart it.',
    safari: 'To turn it on: update to Safari 26 or newer, or enable WebGPU in the settings under Feature Flags.',
    other: 'A current Chrome, Edge, Firefox or Safari has it.',
  } satisfies Record<Browser, string>,
});

/** Why WebGPU is off, and how to turn it on in this browser. Null if it is on. */
export function gpuNotice(probe: GpuProbe, browser: Browser): string | null {
  switch (probe.state) {
    case 'ready':
      return probe.software ? GPU.software : null;
    case 'insecure':
      return GPU.insecure;
    case 'missing':
      return GPU.missing(GPU.hints[browser]);
    case 'refused':
      return GPU.refused(GPU.hints[browser]);
  }
}
