import type { Offer } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import type { Cited } from '../evidence/numbering.js';
import { confidenceWord } from '../session/words.js';

interface Props {
  offers: Offer[];
  cited: Map<string, Cited>;
  onTake(offer: string): void;
  onDismiss(offer: string): void;
  onHover(offer: Offer | undefined): void;
  onFollow(snippet: string): void;
}

/** Findings that are possible but not likely enough to be drafted: the radiologist takes them into the report or dismisses them. */
export function Offers({ offers, cited, onTake, onDismiss, onHover, onFollow }: Props) {
  if (offers.length === 0) return null;
  return (
    <section className="offers" aria-label="Please check">
      <h2>
        <Icon name="search" /> Please check
      </h2>
      <ul>
        {offers.map((offer) => (
          <li
            key={offer.id}
            className="offer"
            data-testid="offer"
            data-finding={offer.finding}
            onMouseEnter={() => onHover(offer)}
            onMouseLeave={() => onHover(undefined)}
            onFocus={() => onHover(offer)}
            onBlur={() => onHover(undefined)}
          >
            <div>
              <strong>{offer.name.charAt(0).toUpperCase() + offer.name.slice(1)}</strong>
              {offer.side && <span> · {offer.side}</span>}
              <span className="quiet">
                {' '}
                · {confidenceWord(offer.probability).toLowerCase()} {offer.probability.toFixed(2)}
              </span>
              <p>
                {offer.text}{' '}
                {offer.citations.map((c) => (
                  <button
                    key={c.snippet}
                    type="button"
                    className="citation"
                    aria-label={`Citation ${cited.get(c.snippet)?.number}: ${c.title}`}
                    title={c.title}
                    onClick={() => onFollow(c.snippet)}
                  >
                    {cited.get(c.snippet)?.number}
                  </button>
                ))}
              </p>
            </div>
            <div className="offer-actions">
              <button
                type="button"
                className="small"
                data-testid="take-offer"
                onClick={() => onTake(offer.id)}
              >
                Take into report
              </button>
              <button
                type="button"
                className="small"
                data-testid="dismiss-offer"
                onClick={() => onDismiss(offer.id)}
              >
                Dismiss
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
