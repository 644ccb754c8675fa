import { expect, test } from 'vitest';
import type { Summary } from '../../../www/src/base/engine';
import { className, kerasSummary } from '../../../www/src/base/summary-text';

test.each([
  ['conv2d', 'Conv2D'],
  ['depthwise_conv2d', 'DepthwiseConv2D'],
  ['max_pooling2d', 'MaxPooling2D'],
  ['global_average_pooling2d', 'GlobalAveragePooling2D'],
  ['batch_normalization', 'BatchNormalization'],
  ['zero_padding2d', 'ZeroPadding2D'],
  ['dense', 'Dense'],
])('%s is Keras’s %s', (type, name) => expect(className(type)).toBe(name));

test('the summary has Keras’s format', () => {
  const layer = { macs: 0, flops: 0, activation_bytes: 0, inputs: [] };
  const summary: Summary = {
    layers: [
      { ...layer, name: 'conv2d', type: 'conv2d', output_shape: [30, 30, 32], params: 896 },
      { ...layer, name: 'dense', type: 'dense', output_shape: [10], params: 5130 },
    ],
    totals: {
      params: 6026,
      trainable: 6026,
      non_trainable: 0,
      macs: 0,
      flops: 0,
      activation_bytes: 0,
      param_bytes: 24104,
    },
  };
  expect(kerasSummary('net', summary)).toBe(`Model: "net"
┏━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)    ┃ Output Shape       ┃ Param # ┃
┡━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ conv2d (Conv2D) │ (None, 30, 30, 32) │     896 │
├─────────────────┼────────────────────┼─────────┤
│ dense (Dense)   │ (None, 10)         │   5,130 │
└─────────────────┴────────────────────┴─────────┘
 Total params: 6,026 (23.54 KB)
 Trainable params: 6,026 (23.54 KB)
 Non-trainable params: 0 (0.00 B)`);
});
