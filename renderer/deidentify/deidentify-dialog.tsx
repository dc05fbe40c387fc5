import { type FormEvent, useEffect, useState } from 'react';
import type { CallOutput } from '../../preload/calls.js';
import type { DeidentifyOption } from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';
import { CallButton } from '../chrome/call-button.js';
import { Dialog } from '../chrome/dialog.js';
import { DialogFoot } from '../chrome/dialog-foot.js';
import { Icon } from '../chrome/icon.js';
import { ProblemList } from '../chrome/problem-list.js';
import { optionWords, switched } from './option-words.js';

type Found = CallOutput<'study.findText'>;
type Written = CallOutput<'study.deidentify'>;

/** Asks what a de-identified copy of a study keeps, warns of text in its pixels, and writes it to a folder. */
export function DeidentifyDialog({ study, onClose }: { study: string; onClose(): void }) {
  const [chosen, setChosen] = useState<ReadonlySet<DeidentifyOption>>(new Set(['descriptors']));
  const [boxText, setBoxText] = useState(true);
  const [found, setFound] = useState<Found>();
  const [written, setWritten] = useState<Written>();
  const [refusal, setRefusal] = useState('');
  const [task, setTask] = useState<string>();

  useEffect(() => {
    const looking = crypto.randomUUID();
    let gone = false;
    bridge()
      .call('study.findText', { study, task: looking })
      .then(
        (images) => !gone && setFound(images),
        (thrown: unknown) => !gone && setRefusal(toCallError(thrown).message),
      );
    return () => {
      gone = true;
      void bridge().call('task.cancel', { task: looking });
    };
  }, [study]);

  const write = async () => {
    const own = crypto.randomUUID();
    try {
      const [folder] = await bridge().app('app.choosePaths', { kind: 'folder' });
      if (folder === undefined) return;
      setTask(own);
      setRefusal('');
      setWritten(
        await bridge().call('study.deidentify', { study, folder, options: [...chosen], boxText, task: own }),
      );
    } catch (thrown) {
      setRefusal(toCallError(thrown).message);
    } finally {
      setTask(undefined);
    }
  };
  const close = () => {
    if (task !== undefined) void bridge().call('task.cancel', { task });
    onClose();
  };
  const onSubmit = (event: FormEvent) => event.preventDefault();

  return (
    <Dialog title="De-identified copy" onClose={close}>
      <form onSubmit={onSubmit} data-testid="deidentify">
        <p>
          The copy has no names, numbers, dates and private attributes (DICOM PS3.15, basic profile); UIDs and
          patient are replaced, alike in all copies. It may keep more:
        </p>
        <fieldset className="roles" aria-label="What the copy keeps">
          {optionWords.map(({ option, title, hint }) => (
            <label key={option} className="choice">
              <input
                type="checkbox"
                checked={chosen.has(option)}
                data-testid={`deidentify-${option}`}
                onChange={() => setChosen(switched(chosen, option))}
              />
              <span>
                {title}
                {hint && <span className="quiet"> {hint}</span>}
              </span>
            </label>
          ))}
        </fieldset>
        <TextWarning found={found} />
        <label className="choice">
          <input
            type="checkbox"
            checked={boxText}
            data-testid="deidentify-box"
            onChange={() => setBoxText(!boxText)}
          />
          <span>
            Blacken text found in the pixels
            <span className="quiet">
              {' '}
              Some is missed: look at the copy. Faces that a CT or MR of the head shows are not removed.
            </span>
          </span>
        </label>
        {written && (
          <p role="status" data-testid="deidentify-done">
            {written.copies} {written.copies === 1 ? 'copy' : 'copies'} written
            {written.boxed > 0 && `, text blackened in ${written.boxed}`}
            {written.likely > 0 && `; ${written.likely} likely show text`}.
          </p>
        )}
        {written && written.problems.length > 0 && (
          <ProblemList problems={written.problems} told="could not be copied" />
        )}
        <DialogFoot refusal={refusal} dismissal={task === undefined ? 'Close' : 'Cancel'} onDismiss={close}>
          <CallButton
            call="study.deidentify"
            className="primary"
            disabled={task !== undefined}
            data-testid="deidentify-write"
            onClick={() => void write()}
          >
            {task === undefined ? 'Choose a folder and write' : 'Writing…'}
          </CallButton>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** Which images likely show text, before anything is written. */
function TextWarning({ found }: { found: Found | undefined }) {
  if (!found) return <p className="quiet">Looking for text in the images…</p>;
  if (found.length === 0) return <p className="quiet">No text was found in the images.</p>;
  const shown = found.slice(0, 5);
  return (
    <div role="alert" className="deidentify-warning" data-testid="deidentify-warning">
      <Icon name="flag" /> {found.length} {found.length === 1 ? 'image likely shows' : 'images likely show'}{' '}
      text:
      <ul>
        {shown.map(({ instance, series, number }) => (
          <li key={instance}>
            {series}
            {number !== null && `, image ${number}`}
          </li>
        ))}
        {found.length > shown.length && <li>and {found.length - shown.length} more</li>}
      </ul>
    </div>
  );
}
