import type { Rule } from './spans.js';

/** Geographic subdivisions smaller than a state ((b)(2)(i)(B) of 45 CFR 164.514): streets, cities where a cue says so, ZIP codes. */

const capital = String.raw`\p{Lu}[\p{L}\p{M}'’-]{0,30}\.?`;
const states =
  'Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming';
const codes =
  'AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC';

export const places: readonly Rule[] = [
  // 12 Elm Street, Apt. 4
  {
    kind: 'place',
    pattern: new RegExp(
      String.raw`(?<![\p{L}\d.-])\d{1,5}[A-Z]?[ \t]{1,4}(?:[NSEW]\.?[ \t]{1,4}|North |South |East |West )?(?:(?:\d+(?:st|nd|rd|th)|${capital})[ \t]{1,4}){1,3}(?:Street|STREET|St\.?|Avenue|AVENUE|Ave\.?|AVE\.?|Road|ROAD|Rd\.?|RD\.?|Boulevard|BOULEVARD|Blvd\.?|BLVD\.?|Lane|LANE|Ln\.?|Drive|DRIVE|Court|COURT|Ct\.|Way|WAY|Place|PLACE|Highway|Hwy\.?|Parkway|Pkwy\.?|Terrace|Circle|Square|Crescent|Close)(?![\p{L}])(?:,?[ \t]{0,8}(?:Apt|Apartment|Suite|Unit|Ste|#)\.?[ \t]{0,8}[\w-]+)?`,
      'gu',
    ),
  },
  { kind: 'place', pattern: /\bP\.?\s?O\.?\s?Box\s{1,3}\d+/gi },
  { kind: 'place', pattern: /\b(?:Apt|Apartment|Suite)\.?\s{0,3}#?\s{0,3}\d+[A-Z]?\b/g },
  // Springfield, IL 62704
  {
    kind: 'place',
    pattern: new RegExp(
      String.raw`(?:${capital}(?:[ \t]${capital}){0,2},?[ \t]{0,8})?\b(?:${codes}|${states})\.?,?[ \t]{1,4}\d{5}(?:-\d{4})?(?![\d-])`,
      'gu',
    ),
  },
  {
    kind: 'place',
    needs: /zip|post/i,
    pattern:
      /(?<=\b(?:zip|zip code|zipcode|postal code|postcode)\s{0,3}[:#]?\s{0,3})[A-Z\d][A-Z\d -]{2,8}[A-Z\d]/gi,
  },
  // Springfield, Illinois: the state may stay
  {
    kind: 'place',
    pattern: new RegExp(String.raw`${capital}(?:[ \t]${capital}){0,2}(?=,[ \t]{1,4}(?:${states})\b)`, 'gu'),
  },
  {
    kind: 'place',
    pattern: new RegExp(
      String.raw`(?<=\b(?:[Ll]ives in|living in|live in|resides in|residing in|resident of|native of|moved (?:here )?from|moved to|born in|raised in|hometown of|home in|city of|town of|village of|works in|employed in)[ \t]{1,4}(?:the[ \t]{1,4})?)(?!(?:${states})\b)${capital}(?:[ \t]${capital}){0,2}`,
      'gu',
    ),
  },
  {
    kind: 'place',
    needs: /:/,
    pattern:
      /(?<=^[ \t]{0,8}(?:address|home address|street|city|town|county|hometown|residence)[ \t]{0,8}:[ \t]{0,8})\S[^\n;|]{0,200}?(?=[ \t]{0,8}(?:$|[;|]))/gimu,
  },
  { kind: 'place', pattern: new RegExp(String.raw`${capital}(?:[ \t]${capital})?(?=[ \t]County\b)`, 'gu') },
];
