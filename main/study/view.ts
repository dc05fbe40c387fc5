import type { View } from '../../preload/values.js';
import type { Attributes } from './attributes.js';

const projections = new Set(['CR', 'DX', 'DR', 'RF', 'XA', 'RG', 'OT', 'SC', '']);
const frontalWords = /\b(pa|ap|a\.?p\.?|p\.?a\.?|frontal|(postero|antero)[- ]?(anterior|posterior))\b/i;
const lateralWords = /\b(lat|lateral|ll|rl|llat|rlat|profil|seitlich)\b/i;

/**
 * Whether a radiograph is frontal or lateral: by ViewPosition, else the coded view, else PatientOrientation, else what the
 * descriptions say without contradiction. Sections (CT, MR) and other modalities have no view.
 */
export function viewOf(attributes: Attributes): View {
  if (!projections.has(attributes.text('00080060') ?? '')) return 'unknown';
  const position = (attributes.text('00185101') ?? '').toUpperCase();
  if (/^(PA|AP|LLD|RLD)/.test(position)) return 'frontal';
  if (/^(LL|RL|LAT|L LAT|R LAT|LLAT|RLAT)/.test(position)) return 'lateral';
  const coded = attributes.item('00540220')?.text('00080104') ?? '';
  return (
    viewOfWords(coded) ??
    viewOfOrientation(attributes.texts('00200020')) ??
    viewOfWords(
      ['0008103e', '00181030', '00181400']
        .map((tag) => attributes.text(tag) ?? '')
        .join(' ')
        .replaceAll('_', ' '),
    ) ??
    'unknown'
  );
}

function viewOfWords(words: string): View | undefined {
  const frontal = frontalWords.test(words);
  const lateral = lateralWords.test(words);
  if (frontal === lateral) return undefined;
  return frontal ? 'frontal' : 'lateral';
}

/** Directions of the rows and columns: across a frontal image lies left or right, across a lateral one front or back. */
function viewOfOrientation([row = '', column = '']: string[]): View | undefined {
  if (!/^[FH]/.test(column)) return undefined;
  if (/^[LR]/.test(row)) return 'frontal';
  return /^[AP]/.test(row) ? 'lateral' : undefined;
}
