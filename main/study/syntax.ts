/** Transfer syntaxes (PS3.6 Annex A) and what decodes them. */
export const syntax = {
  implicitLittle: '1.2.840.10008.1.2',
  explicitLittle: '1.2.840.10008.1.2.1',
  explicitBig: '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
  jpipDeflated: '1.2.840.10008.1.2.4.95',
  rle: '1.2.840.10008.1.2.5',
  deflatedFrames: '1.2.840.10008.1.2.8.1',
} as const;

export type Codec =
  | 'native'
  | 'rle'
  | 'deflate'
  | 'jpeg'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k';

const codecs: Readonly<Record<string, Codec>> = {
  [syntax.implicitLittle]: 'native',
  [syntax.explicitLittle]: 'native',
  [syntax.explicitBig]: 'native',
  [syntax.deflated]: 'native',
  '1.2.840.113619.5.2': 'native',
  [syntax.rle]: 'rle',
  [syntax.deflatedFrames]: 'deflate',
  '1.2.840.10008.1.2.4.50': 'jpeg',
  '1.2.840.10008.1.2.4.51': 'jpeg',
  '1.2.840.10008.1.2.4.53': 'jpeg',
  '1.2.840.10008.1.2.4.55': 'jpeg',
  '1.2.840.10008.1.2.4.57': 'jpeg-lossless',
  '1.2.840.10008.1.2.4.70': 'jpeg-lossless',
  '1.2.840.10008.1.2.4.80': 'jpeg-ls',
  '1.2.840.10008.1.2.4.81': 'jpeg-ls',
  '1.2.840.10008.1.2.4.90': 'jpeg-2000',
  '1.2.840.10008.1.2.4.91': 'jpeg-2000',
  '1.2.840.10008.1.2.4.92': 'jpeg-2000',
  '1.2.840.10008.1.2.4.93': 'jpeg-2000',
  '1.2.840.10008.1.2.4.201': 'htj2k',
  '1.2.840.10008.1.2.4.202': 'htj2k',
  '1.2.840.10008.1.2.4.203': 'htj2k',
};

const lossy = new Set([
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.53',
  '1.2.840.10008.1.2.4.55',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.4.93',
  '1.2.840.10008.1.2.4.203',
]);

/** What decodes a transfer syntax; undefined where nothing here does. */
export const codecOf = (transferSyntax: string): Codec | undefined => codecs[transferSyntax];

/** Whether decoders may differ in a few values on this syntax. */
export const isLossy = (transferSyntax: string): boolean => lossy.has(transferSyntax);
