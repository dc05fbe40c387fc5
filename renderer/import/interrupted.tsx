import type { ImportRequest } from '../../preload/values.js';
import { CallButton } from '../chrome/call-button.js';
import { Icon } from '../chrome/icon.js';
import { useDatasetTitle } from '../session/datasets.js';
import { countOf, fileName } from '../session/knowledge-words.js';

interface Props {
  requests: ImportRequest[];
  onResume(request: ImportRequest): void;
  onForget(dataset: string): void;
}

/** Imports that did not come to their end, to be resumed or forgotten. */
export function Interrupted({ requests, onResume, onForget }: Props) {
  const titleOf = useDatasetTitle();
  return requests.map((request) => (
    <div key={request.dataset} className="interrupted" role="note" data-testid="interrupted">
      <Icon name="history" />
      <p>
        <strong>The import into {titleOf(request.dataset)} was interrupted.</strong>{' '}
        <span className="quiet" title={request.paths.join('\n')}>
          {request.paths.length === 1
            ? fileName(request.paths[0] ?? '')
            : countOf(request.paths.length, 'file or folder', 'files and folders')}
          . What was read is kept; resuming goes on from there.
        </span>
      </p>
      <CallButton
        call="import.forget"
        className="small"
        data-testid="forget"
        onClick={() => onForget(request.dataset)}
      >
        Forget
      </CallButton>
      <CallButton
        call="import.run"
        className="small primary"
        data-testid="resume"
        onClick={() => onResume(request)}
      >
        Resume
      </CallButton>
    </div>
  ));
}
