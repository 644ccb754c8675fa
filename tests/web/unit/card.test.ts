/** How much of an experiment's text a card shows. */
import { describe, expect, it } from 'vitest';
import presets from '../../../www/pkg-presets/presets.json';
import { ABOUTS, settingsOf } from '../../../www/src/embed/attributes';
import { shownText } from '../../../www/src/embed/card';

const TEXT = [
  '**Question.** Does it learn?',
  'Look at the curve.',
  '**The source** reached 98 %.',
  '**We found** 97 %.',
  '  ',
].join('\n\n');

describe('the text of a card', () => {
  it.each([
    [
      'all',
      false,
      ['**Question.** Does it learn?', 'Look at the curve.', '**The source** reached 98 %.', '**We found** 97 %.'],
    ],
    ['all', true, ['**Question.** Does it learn?', 'Look at the curve.']],
    [
      '',
      false,
      ['**Question.** Does it learn?', 'Look at the curve.', '**The source** reached 98 %.', '**We found** 97 %.'],
    ],
    ['question', false, ['**Question.** Does it learn?']],
    ['question', true, ['**Question.** Does it learn?']],
    ['none', false, []],
    ['none', true, []],
  ])('about="%s", while a guess is asked for: %s', (about, isGuessing, shown) => {
    expect(shownText(TEXT, about, isGuessing)).toEqual(shown);
  });

  it('is empty for an experiment without one', () => {
    for (const about of ABOUTS) expect(shownText('', about, false)).toEqual([]);
  });

  it('begins with the question, and hides every figure while a guess is asked for', () => {
    for (const { name, text } of presets as { name: string; text: string }[]) {
      expect(shownText(text, 'question', true), name).toEqual([text.split(/\n\n+/)[0]]);
      expect(shownText(text, 'all', true).join('\n'), name).not.toMatch(/^\*\*(We found|The source)/m);
    }
  });

  it('has three amounts; another one is named', () => {
    const problems = (about: string) => settingsOf((name) => (name === 'about' ? about : null)).problems;
    for (const about of ABOUTS) expect(problems(about)).toEqual([]);
    expect(problems('some')).toMatchObject([{ name: 'about', received: 'some' }]);
  });
});
