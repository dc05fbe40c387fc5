import { Icon, type IconName } from '../chrome/icon.js';
import type { ToolName } from './cornerstone.js';

export interface ToolbarProps {
  tool: ToolName;
  layout: 1 | 2;
  heat: boolean;
  /** How many stacks there are to show. */
  stacks: number;
  onTool(tool: ToolName): void;
  onInvert(): void;
  onReset(): void;
  onLayout(layout: 1 | 2): void;
  onHeat(): void;
}

interface ButtonProps {
  icon: IconName;
  label: string;
  shortcut: string;
  pressed?: boolean;
  disabled?: boolean;
  onPress(): void;
}

function ToolButton({ icon, label, shortcut, pressed, disabled, onPress }: ButtonProps) {
  return (
    <button
      type="button"
      className="tool"
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={shortcut}
      disabled={disabled}
      title={`${label} (${shortcut})`}
      onClick={onPress}
    >
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

/** The tools of the viewports. */
export function Toolbar(props: ToolbarProps) {
  const { tool, layout, heat, stacks, onTool, onInvert, onReset, onLayout, onHeat } = props;
  return (
    <div className="toolbar" role="toolbar" aria-label="Image tools">
      <ToolButton
        icon="window"
        label="Window"
        shortcut="W"
        pressed={tool === 'window'}
        onPress={() => onTool('window')}
      />
      <ToolButton
        icon="zoom"
        label="Zoom"
        shortcut="Z"
        pressed={tool === 'zoom'}
        onPress={() => onTool('zoom')}
      />
      <ToolButton
        icon="pan"
        label="Pan"
        shortcut="P"
        pressed={tool === 'pan'}
        onPress={() => onTool('pan')}
      />
      <ToolButton
        icon="length"
        label="Length"
        shortcut="L"
        pressed={tool === 'length'}
        onPress={() => onTool('length')}
      />
      <span className="divider" aria-hidden="true" />
      <ToolButton icon="invert" label="Invert" shortcut="I" onPress={onInvert} />
      <ToolButton icon="restore" label="Reset" shortcut="R" onPress={onReset} />
      <span className="divider" aria-hidden="true" />
      <ToolButton icon="one" label="One" shortcut="1" pressed={layout === 1} onPress={() => onLayout(1)} />
      <ToolButton
        icon="two"
        label="Two"
        shortcut="2"
        pressed={layout === 2}
        disabled={stacks < 2}
        onPress={() => onLayout(2)}
      />
      <span className="divider" aria-hidden="true" />
      <ToolButton icon="heat" label="Attention" shortcut="H" pressed={heat} onPress={onHeat} />
    </div>
  );
}
