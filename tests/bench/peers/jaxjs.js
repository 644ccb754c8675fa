// Measures jax-js: a training step, including Adam, as one jitted function. A call consumes its arrays unless they are passed as `.ref`.
import { has, measure, noise, pair } from './nets.js';

const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-7];

export async function jaxjs(experiment, backend, seconds) {
  if (has(experiment, 'dropout', 'batch_normalization', 'add'))
    throw new Error('this comparison lacks layers of this network');
  const jax = await import('/node_modules/@jax-js/jax/dist/index.js');
  if (!(await jax.init(backend)).includes(backend)) throw new Error(`no ${backend} backend in this browser`);
  jax.defaultDevice(backend);
  const { numpy: np, nn, lax } = jax;
  const { x, labels, batch, classes } = noise(experiment);
  const [height, width, channels] = experiment.input_shape;

  let shape = [channels, height, width];
  const forward = [];
  let params = [];
  const random = (dims, fan) => {
    const values = Float32Array.from(
      { length: dims.reduce((a, b) => a * b) },
      () => (Math.random() - 0.5) / Math.sqrt(fan),
    );
    params.push(np.array(values).reshape(dims));
    return params.length - 1;
  };
  const activate = (y, activation) => (activation === 'relu' ? nn.relu(y) : y);
  for (const spec of experiment.layers) {
    if (spec.type === 'conv2d') {
      const [kh, kw] = pair(spec.kernel_size);
      const padding = (spec.padding ?? 'valid').toUpperCase();
      const w = random([spec.filters, shape[0], kh, kw], shape[0] * kh * kw);
      const b = random([1, spec.filters, 1, 1], 1);
      forward.push((y, p) => activate(lax.conv(y, p[w], [1, 1], padding).add(p[b]), spec.activation));
      const cut = padding === 'SAME' ? [0, 0] : [kh - 1, kw - 1];
      shape = [spec.filters, shape[1] - cut[0], shape[2] - cut[1]];
    } else if (spec.type.endsWith('pooling2d')) {
      const [size, strides] = [pair(spec.pool_size, 2), pair(spec.strides ?? spec.pool_size, 2)];
      const reduce = spec.type === 'max_pooling2d' ? np.max : np.mean;
      forward.push((y) => lax.reduceWindow(y, reduce, size, strides));
      shape = [shape[0], ...[0, 1].map((i) => Math.floor((shape[i + 1] - size[i]) / strides[i]) + 1)];
    } else if (spec.type === 'flatten') {
      const flat = shape.reduce((a, b) => a * b);
      forward.push((y) => y.reshape([batch, flat]));
      shape = [flat];
    } else if (spec.type === 'dense') {
      const w = random([shape[0], spec.units], shape[0]);
      const b = random([1, spec.units], 1);
      forward.push((y, p) => activate(np.dot(y, p[w]).add(p[b]), spec.activation));
      shape = [spec.units];
    } else throw new Error(`no ${spec.type} in this comparison`);
  }

  const loss = (p, images, targets) => {
    const logits = forward.reduce((y, layer) => layer(y, p), images);
    return np.sum(nn.logSoftmax(logits, -1).mul(targets)).mul(-1 / batch);
  };
  const rate = experiment.optimizer.learning_rate;
  const step = jax.jit((p, m, v, images, targets) => {
    const [value, g] = jax.valueAndGrad(loss)(
      p.map((one) => one.ref),
      images,
      targets,
    );
    const m2 = m.map((one, i) => one.mul(BETA_1).add(g[i].ref.mul(1 - BETA_1)));
    const v2 = v.map((one, i) => one.mul(BETA_2).add(g[i].ref.mul(g[i]).mul(1 - BETA_2)));
    const p2 = p.map((one, i) => one.sub(m2[i].ref.mul(rate).div(np.sqrt(v2[i].ref).add(EPSILON))));
    return [value, p2, m2, v2];
  });
  const zeros = () => params.map((one) => np.zeros(one.shape));
  let [m, v] = [zeros(), zeros()];
  const images = np.array(x).reshape([batch, channels, height, width]);
  const oneHot = new Float32Array(batch * classes);
  for (const [i, label] of labels.entries()) oneHot[i * classes + label] = 1;
  const targets = np.array(oneHot).reshape([batch, classes]);
  return measure(
    async () => {
      const result = step(params, m, v, images.ref, targets.ref);
      [, params, m, v] = result;
      // The step is complete when the loss has been read and the parameters are ready.
      await result[0].data();
      await jax.blockUntilReady(params);
    },
    batch,
    seconds,
  );
}
