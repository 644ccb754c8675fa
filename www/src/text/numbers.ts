/** Texts of the check of the arithmetic. */

export const NUMBERS = {
  title: 'Are the numbers right?',
  text: 'Sends the same training images through both engines and compares every layer; then changes the weights a little, along each gradient, and looks whether the loss changes as the gradient says. The run is not touched.',
  check: 'Check the numbers',
  checking: 'Checking…',
  agrees: 'Everything agrees, up to rounding.',
  differs: 'Something does not agree: see the lines marked below. Please report it, with the experiment.',
  noGpu: (why: string) => `Only the CPU engine was checked: ${why}`,
  engines: (pictures: string, cpu: string, gpu: string) => `${pictures} images. ${cpu}; ${gpu}.`,
  onlyCpu: (pictures: string, cpu: string) => `${pictures} images. ${cpu}.`,
  layers: 'Outputs of the layers',
  gradients: 'Lengths of the gradients',
  columns: {
    layer: 'Layer',
    largest: 'Largest',
    difference: 'CPU − WebGPU',
    tensor: 'Weights',
    gradient: 'Gradient',
    finite: 'By differences',
  },
  open: 'no time left',
  wrong: 'does not agree',
} as const;
