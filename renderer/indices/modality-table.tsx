import type { Dataset } from '../../preload/values.js';
import { countText, modalityNames, totalsOf } from '../session/knowledge-words.js';
import { sizeText } from '../session/words.js';

/** What a dataset holds, one index a modality. */
export function ModalityTable({ dataset }: { dataset: Dataset }) {
  const totals = totalsOf(dataset);
  const row = (name: string, of: typeof totals, total = false) => (
    <tr key={name} data-testid={total ? 'index-total' : 'index-row'} className={total ? 'total' : undefined}>
      <th scope="row">{name}</th>
      <td className="number">{countText(of.documents)}</td>
      <td className="number">{countText(of.snippets)}</td>
      <td className="number">{of.images === 0 ? '–' : countText(of.images)}</td>
      <td className="number">{of.bytes === 0 ? '–' : sizeText(of.bytes)}</td>
    </tr>
  );
  return (
    <table className="modalities">
      <thead>
        <tr>
          <th scope="col">Modality</th>
          {['Documents', 'Snippets', 'Images', 'Size'].map((word) => (
            <th key={word} scope="col" className="number">
              {word}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {dataset.modalities.map((m) => {
          const name = modalityNames[m.modality];
          return row(name === m.modality ? name : `${m.modality} · ${name}`, m);
        })}
        {dataset.modalities.length > 1 && row('All', totals, true)}
      </tbody>
    </table>
  );
}
