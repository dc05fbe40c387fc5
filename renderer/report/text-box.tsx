import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

interface Props {
  label: string;
  start: string;
  onSave(text: string): void;
  onCancel(): void;
}

/** A sentence being written: Enter saves, Escape leaves it as it was, Shift and Enter begins a new line. */
export function TextBox({ label, start, onSave, onCancel }: Props) {
  const ref = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(start);
  useEffect(() => {
    ref.current?.focus();
    ref.current?.setSelectionRange(start.length, start.length);
  }, [start]);
  const save = () => {
    const trimmed = text.trim();
    if (trimmed === '' || trimmed === start.trim()) onCancel();
    else onSave(trimmed);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') onCancel();
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      save();
    }
  };
  return (
    <div className="text-box">
      <textarea
        ref={ref}
        aria-label={label}
        data-testid="edit-box"
        rows={Math.min(6, Math.max(2, Math.ceil(text.length / 52)))}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="text-box-actions">
        <button type="button" className="primary small" onClick={save}>
          Save <kbd>Enter</kbd>
        </button>
        <button type="button" className="small" onClick={onCancel}>
          Cancel <kbd>Esc</kbd>
        </button>
      </div>
    </div>
  );
}
