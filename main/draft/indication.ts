/**
 * An indication as the decoder was trained to read it (`clean_indication` of `models/training/report.py`): lower case, words only,
 * without marks of anonymisation and without the age, at most 200 characters.
 */
export function plainIndication(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('xxxx', ' ')
    .replace(/[^a-z0-9 ,/'-]+/g, ' ')
    .replace(/\b(?:year|years|month)[- ]old\b|-(?=year)/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ ,-]+|[ ,-]+$/g, '')
    .slice(0, 200);
}
