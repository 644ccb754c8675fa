// Measures ConvNetJS: JavaScript on one thread, one image at a time.
import { has, measure, noise, pair } from './nets.js';

export async function convnetjs(experiment, _backend, seconds) {
  // ConvNetJS has no average pooling. Max pooling over the same window takes about the same time.
  if (has(experiment, 'dropout', 'batch_normalization', 'add'))
    throw new Error('ConvNetJS lacks layers of this network');
  const source = await (await fetch('/node_modules/convnetjs/build/convnet-min.js')).text();
  const library = new Function(`${source}; return convnetjs;`)();
  const [height, width, channels] = experiment.input_shape;
  const defs = [{ type: 'input', out_sx: width, out_sy: height, out_depth: channels }];
  for (const [i, spec] of experiment.layers.entries()) {
    const activation = spec.activation === 'relu' ? { activation: 'relu' } : {};
    if (spec.type === 'conv2d') {
      const sx = pair(spec.kernel_size)[0];
      const pad = spec.padding === 'same' ? (sx - 1) / 2 : 0;
      defs.push({ type: 'conv', sx, filters: spec.filters, stride: pair(spec.strides, 1)[0], pad, ...activation });
    } else if (spec.type.endsWith('pooling2d')) {
      const sx = pair(spec.pool_size, 2)[0];
      defs.push({ type: 'pool', sx, stride: pair(spec.strides, sx)[0] });
    } else if (i === experiment.layers.length - 1) defs.push({ type: 'softmax', num_classes: spec.units });
    else if (spec.type === 'dense') defs.push({ type: 'fc', num_neurons: spec.units, ...activation });
  }
  const net = new library.Net();
  net.makeLayers(defs);
  const { x, labels, batch } = noise(experiment);
  const trainer = new library.Trainer(net, { method: 'adam', batch_size: batch, l2_decay: 0 });
  const size = x.length / batch;
  const images = Array.from(labels, (_, n) => {
    const image = new library.Vol(width, height, channels, 0);
    for (let i = 0; i < size; i++) image.w[i] = x[n * size + i];
    return image;
  });
  const step = async () => {
    for (const [n, image] of images.entries()) trainer.train(image, labels[n]);
  };
  return measure(step, batch, seconds);
}
