import type { Stack } from './hangings.js';

/** The series and views of the study; pressing one hangs it in the active viewport. */
export function Filmstrip({
  stacks,
  hung,
  onHang,
}: {
  stacks: Stack[];
  hung: Stack[];
  onHang(stack: Stack): void;
}) {
  return (
    <ul className="filmstrip" aria-label="Series">
      {stacks.map((stack) => {
        const place = hung.indexOf(stack);
        const images = stack.slices.length;
        return (
          <li key={stack.key}>
            <button
              type="button"
              aria-pressed={place >= 0}
              title={stack.label}
              data-testid="thumbnail"
              onClick={() => onHang(stack)}
            >
              <img src={stack.thumbnail} alt="" loading="lazy" decoding="async" fetchPriority="low" />
              <span className="film-label">{stack.label}</span>
              <span className="film-count">
                {stack.series.modality}
                {images > 1 ? ` · ${images}` : ''}
                {place >= 0 ? ' · shown' : ''}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
