import { expect, it } from 'vitest';
import { Problems, textInPicture } from '../../../main/import/problems.js';
import { TEXT_IN_PICTURE } from '../../../preload/values.js';

it('keeps room for what went wrong beside notes on a hundred thousand pictures, and a bound on both', () => {
  const problems = new Problems();
  for (let n = 0; n < 100_000; n++) problems.add(textInPicture(`/in/${n}.png`, 2));
  for (let n = 0; n < 250; n++)
    problems.add({ file: `/in/${n}.pdf`, code: 'bad-input', message: 'No text.' });
  problems.add(textInPicture('/in/0.png', 2));
  const list = problems.list();
  const notes = list.filter(({ code }) => code === TEXT_IN_PICTURE);
  expect(notes).toHaveLength(101);
  expect(notes[0]?.message).toMatch(/2 lines.*2 times in this file/);
  expect(notes.at(-1)?.message).toBe('99900 more pictures with likely text are not listed.');
  expect(list.filter(({ code }) => code === 'bad-input')).toHaveLength(200);
  expect(list.at(-1)?.message).toBe('50 more problems are not listed.');
});
