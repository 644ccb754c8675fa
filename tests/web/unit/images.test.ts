import { describe, expect, test } from 'vitest';
import { asDigit } from '../../../www/src/predictions/digit';
import { fitted, type Rgba, resample } from '../../../www/src/predictions/fit';

/** An image from a function of its pixels. */
function image(width: number, height: number, color: (x: number, y: number) => number[]): Rgba {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i += 1) {
    data.set([...color(i % width, Math.floor(i / width)), 255].slice(0, 4), 4 * i);
  }
  return { width, height, data };
}

const grey = (value: number) => [value, value, value];

describe('any image', () => {
  test('the central part is scaled, and each pixel is the mean of the area it covers', () => {
    // Four pairs of columns in the middle of a wide image, alternately black and white.
    const wide = image(8, 4, (x) => (x < 2 || x > 5 ? [255, 0, 0] : grey(x % 2 === 0 ? 0 : 200)));
    expect([...fitted(wide, [2, 2, 1])]).toEqual([100, 100, 100, 100]);
    expect([...fitted(wide, [4, 4, 1])].slice(0, 4)).toEqual([0, 200, 0, 200]);
  });

  test('colours are kept for a network with colour input', () => {
    const red = image(3, 3, () => [250, 10, 20]);
    expect([...fitted(red, [1, 1, 3])]).toEqual([250, 10, 20]);
    expect([...fitted(red, [1, 1, 1])]).toEqual([Math.round(0.299 * 250 + 0.587 * 10 + 0.114 * 20)]);
  });

  test('a small image is enlarged, and transparent pixels become white', () => {
    const dot = image(1, 1, () => [0, 0, 0, 0]);
    expect([...fitted(dot, [2, 2, 1])]).toEqual([255, 255, 255, 255]);
  });

  test('the ground of transparent pixels contrasts with the others', () => {
    const stroke = (colour: number[], around = 0) =>
      image(3, 1, (x) => (x === 1 ? [...colour, 255] : [...colour.slice(0, 3), around]));
    expect([...fitted(stroke([255, 255, 255]), [1, 3, 1])], 'white strokes').toEqual([0, 255, 0]);
    expect([...fitted(stroke([0, 0, 0]), [1, 3, 1])], 'black strokes').toEqual([255, 0, 255]);
    expect([...fitted(stroke([250, 240, 10]), [1, 3, 3])], 'yellow strokes').toEqual([0, 0, 0, 250, 240, 10, 0, 0, 0]);
    // Half transparent edges are a mixture.
    expect([...fitted(stroke([200, 200, 200], 51), [1, 3, 1])]).toEqual([40, 200, 40]);
  });

  test('partially covered pixels are weighted', () => {
    const source = { width: 3, height: 1, values: Float64Array.from([0, 90, 30]) };
    const { values } = resample(source, { x: 0, y: 0, width: 3, height: 1 }, 2, 1);
    expect([...values]).toEqual([30, 50]);
  });
});

describe('a digit', () => {
  const mass = (pixels: Uint8Array) => {
    let [sum, x, y] = [0, 0, 0];
    for (const [i, value] of pixels.entries()) {
      sum += value;
      x += value * ((i % 28) + 0.5);
      y += value * (Math.floor(i / 28) + 0.5);
    }
    return [x / sum, y / sum];
  };
  const box = (pixels: Uint8Array) => {
    const at = [...pixels.entries()].filter(([, value]) => value > 0).map(([i]) => [i % 28, Math.floor(i / 28)]);
    const [xs, ys] = [at.map(([x = 0]) => x), at.map(([, y = 0]) => y)];
    return [Math.max(...xs) - Math.min(...xs) + 1, Math.max(...ys) - Math.min(...ys) + 1];
  };
  /** An L in a corner: its centre of mass is not the middle of its box. */
  const isInk = (x: number, y: number) =>
    (x >= 20 && x < 35 && y >= 10 && y < 90) || (x >= 20 && x < 60 && y >= 75 && y < 90);

  test('is scaled into 20 × 20 and centred by its mass', () => {
    const digit = asDigit(image(280, 280, (x, y) => grey(isInk(x, y) ? 255 : 0))) as Uint8Array;
    expect(digit).toHaveLength(784);
    expect(box(digit)).toEqual([10, 20]);
    const [x = 0, y = 0] = mass(digit);
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.max(...digit)).toBe(255);
  });

  test('dark ink on grey paper gives the same digit', () => {
    const light = asDigit(image(100, 100, (x, y) => grey(isInk(x, y) ? 255 : 0)));
    const dark = asDigit(image(100, 100, (x, y) => grey(isInk(x, y) ? 30 : 215)));
    expect(dark).toEqual(light);
  });

  /** Noise of about this deviation, the same in every run. */
  function noise(deviation: number): () => number {
    let state = 7;
    const share = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    // The sum of three numbers between 0 and 1 has a deviation of a half.
    return () => (share() + share() + share() - 1.5) * 2 * deviation;
  }

  test('white and black strokes on a transparent ground give the same digit as on an opaque one', () => {
    const drawn = (ink: number, alpha: number) =>
      asDigit(image(100, 100, (x, y) => (isInk(x, y) ? [...grey(ink), 255] : [...grey(0), alpha])));
    const expected = drawn(255, 255);
    expect(expected).not.toBeNull();
    expect(drawn(255, 0)).toEqual(expected);
    expect(drawn(0, 0)).toEqual(expected);
  });

  /** A photograph of pencil on paper that is brighter on the left, with the camera's noise. */
  const photograph = (contrast: number, deviation: number) => {
    const grain = noise(deviation);
    return image(240, 240, (x, y) =>
      grey(Math.round(210 - x / 12 - (isInk(x / 2.4, y / 2.4) ? contrast : 0) + grain())),
    );
  };

  test('a faint photograph is read', () => {
    for (const [contrast, deviation] of [
      [12, 2],
      [10, 0.5],
      [30, 8],
      [60, 4],
    ] as const) {
      const digit = asDigit(photograph(contrast, deviation));
      expect(digit, `contrast ${contrast}, noise ${deviation}`).not.toBeNull();
      const [width = 0, height = 0] = box(digit as Uint8Array);
      expect(height).toBe(20);
      expect(Math.abs(width - 10)).toBeLessThanOrEqual(1);
    }
  });

  test('a photograph of empty paper gives no digit', () => {
    for (const deviation of [0, 0.5, 2, 8, 15])
      expect(asDigit(photograph(0, deviation)) === null, `noise ${deviation}`).toBe(true);
    const empty = image(40, 40, () => [0, 0, 0, 0]);
    expect(asDigit(empty)).toBeNull();
  });

  test('an empty board gives no digit', () => {
    expect(asDigit(image(50, 50, () => grey(0)))).toBeNull();
    expect(asDigit(image(50, 50, (x, y) => grey(200 + ((x * 7 + y * 3) % 5))))).toBeNull();
  });

  test('a single dot fits the frame', () => {
    const dot = asDigit(image(50, 50, (x, y) => grey(x === 3 && y === 4 ? 255 : 0))) as Uint8Array;
    expect(box(dot)).toEqual([20, 20]);
  });
});
