import type { Progress } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import type { EngineState } from '../session/engine.js';
import type { Notices } from '../session/notices.js';
import { Icon } from './icon.js';
import { ProgressLine } from './progress-line.js';

const engineWords = { starting: 'Engine starting', ready: 'Engine ready', lost: 'Engine lost' };

interface Props {
  engine: EngineState;
  notices: Notices;
  /** Work in the background, such as the building of an index. */
  background: Progress | undefined;
}

/** Nobody need wait for another process. The knowledge base is built by nobody's wish, so nobody stops it. */
function cancelOf({ task, isWaiting }: Progress): (() => void) | undefined {
  if (!isWaiting || task === 'index') return undefined;
  return () => void bridge().call('task.cancel', { task });
}

/** Errors, the last message, background work, the engine's state, and what Wetread is not. */
export function StatusLine({ engine, notices, background }: Props) {
  return (
    <footer className="status-area">
      <div className="errors" role="alert" data-testid="errors">
        {notices.errors.map((e) => (
          <p key={e.id} data-code={e.code}>
            <Icon name="flag" />
            <span>{e.message}</span>
            <button type="button" className="small" onClick={() => notices.dismiss(e.id)}>
              Dismiss
            </button>
          </p>
        ))}
      </div>
      <div className="status-line">
        <span
          className="engine"
          data-state={engine.state}
          data-testid={engine.state === 'ready' ? 'engine-ready' : 'engine-not-ready'}
        >
          <Icon
            name={engine.state === 'ready' ? 'accept' : engine.state === 'lost' ? 'flag' : 'preliminary'}
          />
          {engineWords[engine.state]}
        </span>
        {background && <ProgressLine progress={background} onCancel={cancelOf(background)} />}
        <span role="status" data-testid="status" className="message">
          {notices.info}
        </span>
        <span className="notice">Wetread drafts; a radiologist signs. Not a medical device.</span>
      </div>
    </footer>
  );
}
