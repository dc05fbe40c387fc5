import { RemovalKind } from '../../preload/values.js';

const pattern = new RegExp(`\\[(?:${RemovalKind.options.join('|')})\\]`, 'g');

/** A stored text, with the placeholders of what was removed set apart. */
export function WithPlaceholders({ text }: { text: string }) {
  const parts: { text: string; from: number; placeholder: boolean }[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), from: at, placeholder: false });
    parts.push({ text: match[0], from: match.index, placeholder: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), from: at, placeholder: false });
  return parts.map((part) =>
    part.placeholder ? (
      <span key={part.from} className="placeholder" title="Removed before storing" data-testid="placeholder">
        {part.text}
      </span>
    ) : (
      <span key={part.from}>{part.text}</span>
    ),
  );
}
