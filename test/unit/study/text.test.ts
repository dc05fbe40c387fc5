import { describe, expect, it } from 'vitest';
import { decodeText, displayName } from '../../../main/study/text.js';

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

// The examples of PS3.5 Annex H, I and K.
describe('decodeText', () => {
  it.each([
    [
      'Japanese, kanji by escapes',
      ['', 'ISO 2022 IR 87'],
      'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B',
      'Yamada^Tarou=山田^太郎',
    ],
    [
      'Japanese, half-width katakana',
      ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
      '\xd4\xcf\xc0\xde^\xc0\xdb\xb3',
      'ﾔﾏﾀﾞ^ﾀﾛｳ',
    ],
    [
      'Korean',
      ['', 'ISO 2022 IR 149'],
      'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7',
      'Hong^Gildong=洪^吉洞',
    ],
    ['UTF-8', ['ISO_IR 192'], 'Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1', 'Wang^XiaoDong=王^小東'],
    ['GB18030', ['GB18030'], '\xcd\xf5^\xd0\xa1\xb6\xab', '王^小东'],
    ['Cyrillic', ['ISO_IR 144'], '\xbb\xee\xda', 'Люк'],
    ['Latin 1', ['ISO_IR 100'], 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
    ['UTF-8 that nobody declared', [], 'J\xc3\xa9r\xc3\xb4me', 'Jérôme'],
    ['UTF-8 declared as ASCII', ['ISO_IR 6'], 'J\xc3\xa9r\xc3\xb4me', 'Jérôme'],
    ['Latin 1 declared as ASCII', ['ISO_IR 6'], 'J\xe9r\xf4me', 'Jérôme'],
    ['UTF-8 among others', ['ISO 2022 IR 6', 'ISO_IR 192'], 'J\xc3\xa9r\xc3\xb4me', 'Jérôme'],
    ['Latin 1 declared as UTF-8', ['ISO_IR 192'], 'M\xfcller', 'Müller'],
    ['UTF-8 cut in a character', ['ISO_IR 192'], 'J\xc3\xa9r\xc3', 'Jér\ufffd'],
    ['a set that there is not', ['ISO_IR 9999'], 'M\xfcller', 'Müller'],
    ['UTF-8 in a set that there is not', ['UNICODE'], 'M\xc3\xbcller', 'Müller'],
    ['names of sets in other spellings', ['iso-ir 144'], '\xbb\xee\xda', 'Люк'],
    ['Greek', ['ISO_IR 126'], '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', 'Διονυσιος'],
    ['Arabic', ['ISO_IR 127'], '\xe2\xc8\xc7\xe6\xea', 'قباني'],
    ['Hebrew', ['ISO_IR 138'], '\xf9\xf8\xe5\xef', 'שרון'],
    ['Thai', ['ISO_IR 166'], '\xa1\xd2', 'กา'],
    ['Turkish', ['ISO_IR 148'], '\xc7avu\xfeo\xf0lu', 'Çavuşoğlu'],
    ['Simplified Chinese, by escapes', ['', 'ISO 2022 IR 58'], 'Zhang=\x1b$)A\xd5\xc5', 'Zhang=张'],
    ['GBK, whose second byte may be a backslash', ['GBK'], '\x81\x5c', '乗'],
    ['Korean that names its set second and does not escape', ['', 'ISO 2022 IR 149'], '\xfb\xf3', '洪'],
    ['Korean that names its set alone', ['ISO 2022 IR 149'], '\xfb\xf3', '洪'],
    ['Latin 1 and Cyrillic by escapes', ['ISO 2022 IR 100', 'ISO 2022 IR 144'], 'J\xe9\x1b-L\xbb', 'JéЛ'],
    ['supplementary kanji', ['', 'ISO 2022 IR 159'], '\x1b$(D\x30\x21\x1b(B', '丂'],
    ['kanji that do not return to ASCII', ['', 'ISO 2022 IR 87'], '\x1b$B;3', '山'],
    ['an escape sequence that there is not', ['', 'ISO 2022 IR 87'], 'A\x1b%GB', 'A%GB'],
    ['an escape at the end', ['', 'ISO 2022 IR 87'], 'A\x1b', 'A'],
    ['half a kanji', ['', 'ISO 2022 IR 87'], '\x1b$B;', ';'],
    ['nothing', ['ISO_IR 192'], '', ''],
  ])('reads %s', (_, characterSets, raw, text) => {
    expect(decodeText(bytes(raw), characterSets)).toBe(text);
  });
});

describe('displayName', () => {
  it.each([
    ['Doe^Jane^Mary', 'Doe, Jane Mary'],
    ['Doe', 'Doe'],
    ['Yamada^Tarou=山田^太郎=やまだ^たろう', 'Yamada, Tarou (山田, 太郎)'],
    ['=山田^太郎', '山田, 太郎'],
    ['^^^', undefined],
    ['', undefined],
  ])('%s → %s', (name, shown) => {
    expect(displayName(name)).toBe(shown);
  });
});
