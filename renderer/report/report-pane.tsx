import { useEffect, useMemo, useRef, useState } from 'react';
import type { FlagCode, Focus, Offer, Progress, Report, Sentence } from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';
import { CallButton } from '../chrome/call-button.js';
import { Icon } from '../chrome/icon.js';
import { ProgressLine } from '../chrome/progress-line.js';
import { useShortcuts } from '../chrome/shortcuts.js';
import { EvidencePanel } from '../evidence/evidence-panel.js';
import { numberCitations } from '../evidence/numbering.js';
import { type Panel, type PanelTab, StudyPanel } from '../evidence/study-panel.js';
import { useRefusal } from '../session/access.js';
import { useCases } from '../session/cases.js';
import { useNotices } from '../session/notices.js';
import { useQuestion } from '../session/question.js';
import type { ReportSession } from '../session/report.js';
import { flaggedSentences, openFlagCount, plural, whenText } from '../session/words.js';
import { Offers } from './offers.js';
import { Refusal } from './refusal.js';
import { ReportActions } from './report-actions.js';
import { ReportSection } from './section.js';
import { SignDialog } from './sign-dialog.js';

interface Props {
  /** UID of the study at hand. */
  study: string;
  session: ReportSession;
  /** Proposed name of an exported file, without its ending. */
  fileName: string;
  progress: Progress | undefined;
  /** Tells the viewports where the model looked for the sentence at hand. */
  onFocus(focus: Focus[]): void;
}

/** The report beside the images: its sentences, their evidence, and its way to a signature; below it what else is known. */
export function ReportPane({ study, session, fileName, progress, onFocus }: Props) {
  const { report, isKnown, drafting, draft } = session;
  const panel = usePanel(study);
  const refused = useRefusal()('report.draft') !== undefined;
  useShortcuts({
    d: () => {
      if (isKnown && report === null && drafting === undefined && !refused) void draft();
    },
  });
  if (report && drafting === undefined)
    return (
      <ReportReview
        key={report.id}
        report={report}
        session={session}
        panel={panel}
        fileName={fileName}
        onFocus={onFocus}
      />
    );
  return (
    <aside className="report" aria-label="Report">
      {drafting !== undefined ? (
        <div className="report-empty" role="status">
          <h1>Drafting the report</h1>
          <ProgressLine
            progress={progress ?? { task: drafting, label: 'Looking at the images', done: 0, total: 0 }}
            onCancel={() => void bridge().call('task.cancel', { task: drafting })}
          />
        </div>
      ) : (
        <div className="report-empty">
          <h1>No report yet</h1>
          <p className="quiet">
            Wetread looks at the images, retrieves evidence and drafts findings and impression, every sentence
            with what it rests on.
          </p>
          <CallButton
            call="report.draft"
            className="primary"
            data-testid="draft-button"
            onClick={() => void draft()}
          >
            Draft report
          </CallButton>
        </div>
      )}
      <StudyPanel
        panel={panel}
        evidence={
          <p className="quiet panel-note">The evidence of a draft is shown here, sentence by sentence.</p>
        }
      />
    </aside>
  );
}

/** The panel below the report, kept from one state of the report to the next. Its keys open its tabs. */
function usePanel(study: string): Panel {
  const [tab, setTab] = useState<PanelTab>('evidence');
  const [entered, setEntered] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const cases = useCases(study, tab === 'cases');
  const question = useQuestion(study);
  const enter = (to: PanelTab) => {
    setTab(to);
    setEntered((turn) => turn + 1);
  };
  useShortcuts({ v: () => enter('evidence'), c: () => enter('cases'), q: () => enter('ask') });
  useEffect(() => {
    if (entered > 0) (input.current ?? document.getElementById('beside-panel'))?.focus();
  }, [entered]);
  return { study, tab, cases, question, input, onTab: setTab };
}

function ReportReview({
  report,
  session,
  panel,
  fileName,
  onFocus,
}: {
  report: Report;
  session: ReportSession;
  panel: Panel;
  fileName: string;
  onFocus(focus: Focus[]): void;
}) {
  const { say, fail } = useNotices();
  const refusalOf = useRefusal();
  const { change, draft } = session;
  const cited = useMemo(() => numberCitations(report), [report]);
  const [current, setCurrent] = useState<string>();
  const [hovered, setHovered] = useState<string>();
  const [offer, setOffer] = useState<Offer>();
  const [followed, setFollowed] = useState<{ snippet: string; turn: number }>();
  const [refusal, setRefusal] = useState('');
  const [dialog, setDialog] = useState<'sign' | 'addendum'>();
  const rows = useRef(new Map<string, HTMLLIElement>());

  const roleMissing = report.state === 'final' ? undefined : refusalOf('report.edit');
  const readOnly = report.state === 'final' || roleMissing !== undefined;
  const openFlags = openFlagCount(report);
  const atHand = report.sentences.find((s) => s.id === (hovered ?? current));
  const ordered = (['findings', 'impression'] as const).flatMap((section) =>
    report.sentences.filter((s) => s.section === section),
  );

  const focus = offer?.focus ?? atHand?.focus;
  useEffect(() => {
    onFocus(focus ?? []);
    return () => onFocus([]);
  }, [focus, onFocus]);

  useEffect(() => {
    if (openFlags === 0) setRefusal('');
  }, [openFlags]);

  const go = (id: string) => {
    const row = rows.current.get(id);
    row?.scrollIntoView({ block: 'nearest' });
    row?.focus({ preventScroll: true });
  };

  const follow = (snippet: string) => {
    panel.onTab('evidence');
    setFollowed((old) => ({ snippet, turn: (old?.turn ?? 0) + 1 }));
  };

  const refuse = (message: string) => {
    setRefusal(message);
    const first = flaggedSentences(report)[0];
    if (first) go(first.id);
  };

  const sign = () => {
    if (openFlags > 0)
      refuse(
        `${plural(openFlags, 'flag is', 'flags are')} open: correct, reject or confirm each flagged sentence first.`,
      );
    else setDialog('sign');
  };

  const exportAs = async (format: 'text' | 'fhir') => {
    try {
      const target = await bridge().app('app.chooseTarget', {
        name: `${fileName}.${format === 'text' ? 'txt' : 'fhir.json'}`,
      });
      if (target === null) return;
      const { file } = await bridge().call('report.export', { report: report.id, format, file: target });
      say(`Exported to ${file}`);
    } catch (thrown) {
      fail(thrown);
    }
  };

  const actionsFor = (sentence: Sentence) => {
    const input = { sentence: sentence.id };
    return {
      accept: () => void change('report.accept', input),
      reject: () => void change('report.reject', input),
      restore: () => void change('report.restore', input),
      edit: (text: string) => void change('report.edit', { ...input, text }).then(() => go(sentence.id)),
      confirm: (flag: FlagCode) =>
        void change('report.confirm', { ...input, flag }).then((done) => {
          if (done) say('Flag confirmed.');
          go(sentence.id);
        }),
      move: (by: -1 | 1) => {
        const next = ordered[ordered.findIndex((s) => s.id === sentence.id) + by];
        if (next) go(next.id);
      },
      follow: (snippet: string) => {
        setCurrent(sentence.id);
        follow(snippet);
      },
      hover: (over: boolean) => setHovered(over ? sentence.id : undefined),
      focus: () => setCurrent(sentence.id),
    };
  };

  const section = (name: 'findings' | 'impression') => (
    <ReportSection
      section={name}
      report={report}
      cited={cited}
      current={atHand?.id}
      entered={current}
      readOnly={readOnly}
      actionsFor={actionsFor}
      register={(id, row) => (row ? rows.current.set(id, row) : rows.current.delete(id))}
      onAdd={(target, after, text) => void change('report.add', { section: target, after, text })}
    />
  );

  return (
    <aside className="report" aria-label="Report">
      <ReportActions
        report={report}
        onPreliminary={() =>
          void change('report.toPreliminary', {}).then((done) => done && say('The report is preliminary.'))
        }
        onSign={sign}
        onAddendum={() => setDialog('addendum')}
        onDraftAgain={() => void draft()}
        onExport={(format) => void exportAs(format)}
      />
      <div className="report-body">
        {refusal && <Refusal report={report} message={refusal} onGo={go} />}
        {roleMissing !== undefined && (
          <p className="quiet" role="note" data-testid="edit-refused">
            To change it: {roleMissing}
          </p>
        )}
        {report.abstention && (
          <div className="abstention" role="note" data-testid="abstention" data-code={report.abstention.code}>
            <Icon name="info" />
            <p>
              <strong>No findings were drafted.</strong> {report.abstention.reason} The template below is to
              be filled in; the retrieved evidence may help.
            </p>
          </div>
        )}
        {section('findings')}
        {section('impression')}
        {!readOnly && (
          <Offers
            offers={report.offers}
            cited={cited}
            onTake={(id) => {
              setOffer(undefined);
              void change('report.takeOffer', { offer: id });
            }}
            onDismiss={(id) => {
              setOffer(undefined);
              void change('report.dismissOffer', { offer: id });
            }}
            onHover={setOffer}
            onFollow={follow}
          />
        )}
        {report.signedBy && (
          <p className="signature" data-testid="signature">
            <Icon name="final" /> Signed by {report.signedBy}
            {report.signedAt && `, ${whenText(report.signedAt)}`}
          </p>
        )}
        {report.addenda.map((a) => (
          <p key={a.at} className="addendum" data-testid="addendum">
            <strong>Addendum</strong> by {a.by}, {whenText(a.at)}
            <br />
            {a.text}
          </p>
        ))}
        <p className="quiet provenance">
          Drafted by {report.pack}
          {report.adapter ? ` with adapter ${report.adapter}` : ' without adapter'} in{' '}
          {(report.timings.totalMs / 1000).toFixed(1)} s
        </p>
      </div>
      <StudyPanel
        panel={panel}
        evidence={
          <EvidencePanel
            report={report}
            cited={cited}
            sentence={offer ? undefined : atHand}
            followed={followed}
          />
        }
      />
      {dialog && (
        <SignDialog
          kind={dialog}
          onClose={() => setDialog(undefined)}
          onDone={(by, text) => {
            setDialog(undefined);
            if (dialog === 'sign')
              void change('report.sign', { by }, (thrown) => refuse(toCallError(thrown).message)).then(
                (done) => done && say(`Signed by ${by}.`),
              );
            else void change('report.addendum', { by, text }).then((done) => done && say('Addendum added.'));
          }}
        />
      )}
    </aside>
  );
}
