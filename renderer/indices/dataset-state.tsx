import type { Dataset } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { stateOfDataset } from '../session/knowledge-words.js';

/** The state of a dataset in a word and an icon. */
export function DatasetState({ state }: { state: Dataset['state'] }) {
  const { icon, word, hint } = stateOfDataset[state];
  return (
    <span className="dataset-state" data-state={state} title={hint}>
      <Icon name={icon} /> {word}
    </span>
  );
}
