import { type KeyboardEvent, type Ref, useState } from 'react';
import type { FlagCode, Sentence } from '../../preload/values.js';
import { Icon, type IconName } from '../chrome/icon.js';
import type { Cited } from '../evidence/numbering.js';
import { confidenceWord, statusWords, supportWords } from '../session/words.js';
import { FlagList } from './flag-list.js';
import { TextBox } from './text-box.js';

export interface SentenceActions {
  accept(): void;
  reject(): void;
  restore(): void;
  edit(text: string): void;
  confirm(code: FlagCode): void;
  /** Begins a new sentence after this one. */
  addAfter(): void;
  /** Moves to the sentence before or after. */
  move(by: -1 | 1): void;
  follow(snippet: string): void;
  hover(over: boolean): void;
  focus(): void;
}

interface Props {
  sentence: Sentence;
  cited: Map<string, Cited>;
  /** At hand: its evidence and focus are shown. */
  current: boolean;
  /** It has the focus: Tab goes through what it offers before the next sentence. */
  entered: boolean;
  readOnly: boolean;
  actions: SentenceActions;
  ref: Ref<HTMLLIElement>;
}

function Action({
  icon,
  label,
  shortcut,
  tabIndex,
  onPress,
}: {
  icon: IconName;
  label: string;
  shortcut: string;
  tabIndex: number;
  onPress(): void;
}) {
  return (
    <button
      type="button"
      className="row-action"
      aria-label={label}
      aria-keyshortcuts={shortcut}
      tabIndex={tabIndex}
      title={`${label} (${shortcut})`}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}

/** One sentence of the report: its words, what it rests on, how sure it is, what was done with it, and its flags. */
export function SentenceRow({ sentence, cited, current, entered, readOnly, actions, ref }: Props) {
  const [editing, setEditing] = useState(false);
  const inside = entered ? 0 : -1;
  const status = statusWords[sentence.status];
  const support = supportWords[sentence.support];
  const human = sentence.origin === 'human';
  // A probability says something of a drafted statement, not of an empty field or of the radiologist's own words.
  const own = human || sentence.status === 'edited';
  const empty = sentence.flags.some((f) => f.code === 'incomplete');
  const drafted = !own && !empty;
  const supported = drafted || (own && sentence.support !== 'none');
  const changed = sentence.status !== 'proposed' && sentence.status !== 'added';

  const onKeyDown = (event: KeyboardEvent<HTMLLIElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || editing) return;
    const key = event.key.toLowerCase();
    if (key === 'arrowdown' || key === 'arrowup') {
      event.preventDefault();
      actions.move(key === 'arrowdown' ? 1 : -1);
      return;
    }
    if (readOnly) return;
    const keys: Record<string, (() => void) | undefined> = {
      a: actions.accept,
      e: () => setEditing(true),
      x: actions.reject,
      u: changed ? actions.restore : undefined,
      n: actions.addAfter,
    };
    const act = keys[key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <li
      ref={ref}
      className={`sentence ${sentence.status}${current ? ' current' : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a sentence takes keys
      tabIndex={0}
      aria-current={current ? 'true' : undefined}
      data-testid="sentence"
      data-sentence-id={sentence.id}
      data-status={sentence.status}
      data-section={sentence.section}
      onFocus={actions.focus}
      onMouseEnter={() => actions.hover(true)}
      onMouseLeave={() => actions.hover(false)}
      onDoubleClick={() => !readOnly && setEditing(true)}
      onKeyDown={onKeyDown}
    >
      {editing ? (
        <TextBox
          label="Edit the sentence"
          // A field of a template is written over; what stands before it stays.
          start={sentence.text.replace(/\[\s*\]/, '')}
          onSave={(text) => {
            setEditing(false);
            actions.edit(text);
          }}
          onCancel={() => {
            setEditing(false);
            actions.focus();
          }}
        />
      ) : (
        <div className="sentence-line">
          <p className="sentence-text">
            {sentence.text}{' '}
            <span className="citations">
              {sentence.citations.map((c) => {
                const number = cited.get(c.snippet)?.number;
                return (
                  <button
                    key={c.snippet}
                    type="button"
                    className="citation"
                    tabIndex={inside}
                    title={c.title}
                    aria-label={`Citation ${number}: ${c.title}`}
                    data-testid="citation"
                    data-snippet-id={c.snippet}
                    onClick={() => actions.follow(c.snippet)}
                  >
                    {number}
                  </button>
                );
              })}
            </span>
          </p>
          {!readOnly && (
            <div className="row-actions">
              {(sentence.status === 'proposed' || sentence.status === 'rejected') && (
                <Action
                  icon="accept"
                  label="Accept"
                  shortcut="A"
                  tabIndex={inside}
                  onPress={actions.accept}
                />
              )}
              <Action
                icon="edit"
                label="Edit"
                shortcut="E"
                tabIndex={inside}
                onPress={() => setEditing(true)}
              />
              {sentence.status !== 'rejected' && (
                <Action
                  icon="reject"
                  label="Reject"
                  shortcut="X"
                  tabIndex={inside}
                  onPress={actions.reject}
                />
              )}
              {changed && (
                <Action
                  icon="restore"
                  label="Restore"
                  shortcut="U"
                  tabIndex={inside}
                  onPress={actions.restore}
                />
              )}
            </div>
          )}
        </div>
      )}
      <p className="sentence-meta">
        <span className={`status-${sentence.status}`} title={status.hint}>
          <Icon name={status.icon} /> {status.word}
        </span>
        {own && <span>{human ? 'Written' : 'Changed'} by the radiologist</span>}
        {sentence.origin === 'template' && !own && (
          <span
            title={empty ? 'A field of the template' : 'Worded by Wetread from what the image model found'}
          >
            <Icon name="template" /> {empty ? 'Template' : 'Standard phrase'}
          </span>
        )}
        {supported && (
          <span title={support.hint}>
            <Icon name={support.icon} /> {support.word}
          </span>
        )}
        {drafted && (
          <span title="Calibrated probability that the sentence holds">
            {confidenceWord(sentence.confidence)} {sentence.confidence.toFixed(2)}
          </span>
        )}
        {sentence.origin === 'offer' && <span>Taken from "please check"</span>}
        {sentence.status === 'edited' && sentence.original && (
          <span className="original" title={sentence.original}>
            Drafted as: {sentence.original}
          </span>
        )}
      </p>
      <FlagList
        tabIndex={inside}
        sentence={sentence}
        readOnly={readOnly}
        onConfirm={actions.confirm}
        onFill={() => setEditing(true)}
      />
    </li>
  );
}
