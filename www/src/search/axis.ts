/** One axis of the parallel coordinates: where each run stands on it, 0 to 1, and its marks. */
export interface Axis {
  name: string;
  shares: number[];
  ticks: { share: number; text: string }[];
}

/** A range of numbers above zero that spans more than this factor is drawn by its logarithm. */
const LOG_FROM = 20;

export function axisOf(name: string, values: readonly unknown[]): Axis {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (numbers.length < values.length) return choiceAxis(name, values);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = low > 0 && high / low > LOG_FROM;
  const scale = (value: number) => (isLog ? Math.log(value) : value);
  const range = scale(high) - scale(low);
  const share = (value: number) => (range > 0 ? (scale(value) - scale(low)) / range : 0.5);
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const marked = distinct.length <= 5 ? distinct : [low, high];
  return {
    name,
    shares: numbers.map(share),
    ticks: marked.map((value) => ({ share: share(value), text: String(Number(value.toPrecision(4))) })),
  };
}

function choiceAxis(name: string, values: readonly unknown[]): Axis {
  const texts = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const distinct = [...new Set(texts)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const share = (text: string) => (distinct.length > 1 ? distinct.indexOf(text) / (distinct.length - 1) : 0.5);
  return { name, shares: texts.map(share), ticks: distinct.map((text) => ({ share: share(text), text })) };
}
