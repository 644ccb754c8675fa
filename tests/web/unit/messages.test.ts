/** Messages with buttons, and the question about matched tensors. */
import { describe, expect, test, vi } from 'vitest';
import { importModel } from '../../../www/src/lab/import-model';
import { Messages } from '../../../www/src/lab/messages';

const made = () => new Messages(() => undefined);

describe('a question', () => {
  test('is answered by a button, and goes', async () => {
    const messages = made();
    const answer = messages.ask('Which?', ['first', 'second'], [['a', 'b']]);
    const [{ id = 0, actions = [], rows = [] } = {}] = messages.list;
    expect(rows).toEqual([['a', 'b']]);
    messages.dismiss(id, actions[1]);
    expect(await answer).toBe(1);
    expect(messages.list).toEqual([]);
  });

  test('has no answer when it is dismissed, asked again or pushed away by others', async () => {
    const messages = made();
    const dismissed = messages.ask('First?', ['yes']);
    messages.dismiss(messages.list[0]?.id ?? 0);
    expect(await dismissed).toBeNull();
    const again = messages.ask('Second?', ['yes']);
    const newest = messages.ask('Second?', ['yes']);
    expect(await again).toBeNull();
    for (const text of ['1', '2', '3', '4']) messages.notice(text);
    expect(await newest).toBeNull();
  });
});

test('a button of an error does what it says', () => {
  const messages = made();
  const act = vi.fn();
  messages.error('Wrong set.', [{ label: 'Open the other', act }]);
  const [{ id = 0, actions: [action] = [] } = {}] = messages.list;
  messages.dismiss(id, action);
  expect(act).toHaveBeenCalledOnce();
  expect(messages.list).toEqual([]);
});

describe('a state_dict', () => {
  type Lab = Parameters<typeof importModel>[0];

  function lab(theirs: string) {
    const messages = made();
    const replace = vi.fn(async () => true);
    const startFrom = vi.fn(async () => true);
    const matched = [{ ours: 'dense.kernel', theirs, reordered: true }];
    const head = { experiment: { name: 'net' }, unsupported: [], matched };
    const worker = { importModel: async () => ({ head, weights: new Uint8Array(1) }) };
    const of = { locked: false, document: null, worker, messages, experiments: { replace }, startFrom };
    return { messages, replace, startFrom, of: of as unknown as Lab };
  }

  const file = new File(['x'], 'theirs.safetensors');

  test('with the names of this network is taken at once', async () => {
    const { of, messages, startFrom } = lab('dense.weight');
    await importModel(of, file);
    expect(startFrom).toHaveBeenCalledOnce();
    expect(messages.list.map(({ text }) => text)).toEqual([expect.stringContaining('is loaded into “net”')]);
  });

  test.each([
    [0, 1],
    [1, 0],
    [null, 0],
  ])('with other names is shown before it is taken: answer %s', async (answer, taken) => {
    const { of, messages, replace, startFrom } = lab('net.0.weight');
    const done = importModel(of, file);
    await vi.waitFor(() => expect(messages.list).toHaveLength(1));
    const [{ id = 0, actions = [], rows = [] } = {}] = messages.list;
    expect(rows.at(-1)).toEqual(['dense.kernel', 'net.0.weight', expect.stringContaining('reordered')]);
    expect(replace).not.toHaveBeenCalled();
    messages.dismiss(id, answer === null ? undefined : actions[answer]);
    await done;
    expect(replace).toHaveBeenCalledTimes(taken);
    expect(startFrom).toHaveBeenCalledTimes(taken);
  });
});
