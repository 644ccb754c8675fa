// Measures TensorFlow.js with the layers API and trainOnBatch, as in its tutorials.
import { measure, noise, pair } from './nets.js';

const script = (src) =>
  new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement('script'), { src, onload: resolve });
    element.onerror = () => reject(new Error(`${src} could not be loaded`));
    document.head.append(element);
  });

export async function tfjs(experiment, backend, seconds) {
  await script('/node_modules/@tensorflow/tfjs/dist/tf.min.js');
  if (backend === 'webgpu') await script('/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js');
  const { tf } = globalThis;
  if (!(await tf.setBackend(backend))) throw new Error(`no ${backend} backend in this browser`);
  await tf.ready();
  const model = build(tf, experiment);
  const { x, labels, batch, classes } = noise(experiment);
  const xs = tf.tensor4d(x, [batch, ...experiment.input_shape]);
  const ys = tf.oneHot(tf.tensor1d(labels, 'int32'), classes);
  // trainOnBatch resolves when the loss has been read, so the step is complete.
  return measure(() => model.trainOnBatch(xs, ys), batch, seconds);
}

function build(tf, { layers, input_shape, optimizer }) {
  const model = tf.sequential();
  for (const [i, spec] of layers.entries()) {
    const first = i === 0 ? { inputShape: input_shape } : {};
    const { kernel_regularizer: l2, activation } = spec;
    const common = { ...first, activation, ...(l2 && { kernelRegularizer: tf.regularizers.l2({ l2: l2.l2 }) }) };
    const pool = { ...first, poolSize: pair(spec.pool_size, 2), strides: pair(spec.strides ?? spec.pool_size, 2) };
    const make = {
      conv2d: () =>
        tf.layers.conv2d({
          ...common,
          filters: spec.filters,
          kernelSize: pair(spec.kernel_size),
          strides: pair(spec.strides, 1),
          padding: spec.padding ?? 'valid',
        }),
      max_pooling2d: () => tf.layers.maxPooling2d(pool),
      average_pooling2d: () => tf.layers.averagePooling2d(pool),
      flatten: () => tf.layers.flatten(first),
      dense: () =>
        tf.layers.dense({ ...common, units: spec.units, ...(i === layers.length - 1 && { activation: 'softmax' }) }),
      dropout: () => tf.layers.dropout({ ...first, rate: spec.rate }),
    }[spec.type];
    if (!make) throw new Error(`no ${spec.type} in this comparison`);
    model.add(make());
  }
  model.compile({ optimizer: tf.train.adam(optimizer.learning_rate), loss: 'categoricalCrossentropy' });
  return model;
}
