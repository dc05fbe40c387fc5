import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from 'react';
import type { Dataset, Focus } from '../preload/values.js';
import { bridge } from './bridge.js';
import { DropTarget } from './chrome/drop-target.js';
import { Icon } from './chrome/icon.js';
import { ShortcutSheet } from './chrome/shortcut-sheet.js';
import { useShortcuts } from './chrome/shortcuts.js';
import { StatusLine } from './chrome/status-line.js';
import { TopBar, type ViewName } from './chrome/top-bar.js';
import { type IndicesPlace, IndicesView } from './indices/indices.js';
import { ModelsView } from './models/models.js';
import { ReportPane } from './report/report-pane.js';
import { useSearch } from './search/use-search.js';
import { hasRoom, SessionContext, useSession } from './session/access.js';
import { useChosenStudy } from './session/chosen-study.js';
import { DatasetsContext, useDatasetList, useDatasets } from './session/datasets.js';
import { useEngine, useTasks } from './session/engine.js';
import { useImports } from './session/imports.js';
import { NoticesContext, useNoticesState } from './session/notices.js';
import { useReport } from './session/report.js';
import { useStudy } from './session/study.js';
import { useWorklist } from './session/worklist.js';
import { SignIn } from './users/sign-in.js';
import { UsersView } from './users/users.js';
import { WorklistColumn } from './worklist/worklist.js';

// Cornerstone is most of the bundle: the window is there, and the worklist is read, while it loads.
const viewports = import('./viewport/viewports.js');
const Viewports = lazy(() => viewports);

/** The reading room of who is signed in; while it is locked it is kept behind the sign-in screen, dark and out of reach. */
export function App() {
  const held = useSession();
  const { state, room } = held;
  const locked = state?.state === 'locked';
  return (
    <SessionContext value={state}>
      {hasRoom(held) && (
        <div key={room} className={locked ? 'whole behind-lock' : 'whole'} inert={locked}>
          <Room />
        </div>
      )}
      {state && locked && <SignIn session={state} />}
    </SessionContext>
  );
}

function Room() {
  const notices = useNoticesState();
  return (
    <NoticesContext value={notices}>
      <WithDatasets>
        <ReadingRoom notices={notices} />
      </WithDatasets>
    </NoticesContext>
  );
}

function WithDatasets({ children }: { children: ReactNode }) {
  return <DatasetsContext value={useDatasetList()}>{children}</DatasetsContext>;
}

function ReadingRoom({ notices }: { notices: ReturnType<typeof useNoticesState> }) {
  const engine = useEngine();
  const { tasks, forget } = useTasks();
  const worklist = useWorklist(forget);
  const [chosen, setChosen] = useChosenStudy();
  const [arriving, setArriving] = useState<string>();
  const [view, setView] = useState<ViewName>('Reading');
  const [worklistShown, setWorklistShown] = useState(true);
  const [help, setHelp] = useState(false);
  const [focus, setFocus] = useState<Focus[]>([]);
  const imports = useImports(forget);
  const search = useSearch();
  const [place, setPlace] = useState<IndicesPlace>({ show: 'search' });

  const datasets = useDatasets();

  const { rows } = worklist;
  // A study that was just opened is read before the worklist says that it is there.
  const there = chosen !== undefined && (chosen === arriving || rows.some((r) => r.study === chosen));
  const current = there ? chosen : rows[0]?.study;
  const row = rows.find((r) => r.study === current);
  const study = useStudy(current);
  const session = useReport(current, forget);

  const { open } = worklist;
  const openPaths = useCallback(
    async (paths: string[]) => {
      const [first] = await open(paths);
      if (first === undefined) return;
      setArriving(first);
      setChosen(first);
      setView('Reading');
    },
    [open, setChosen],
  );
  const choose = async (kind: 'files' | 'folder') => {
    try {
      await openPaths(await bridge().app('app.choosePaths', { kind }));
    } catch (thrown) {
      notices.fail(thrown);
    }
  };

  useEffect(() => {
    if (rows.some((r) => r.study === arriving)) setArriving(undefined);
  }, [rows, arriving]);

  useShortcuts({ '?': () => setHelp(true), b: () => setWorklistShown((shown) => !shown) });

  const taskOf = (task: string | undefined) => tasks.find((t) => t.task === task);
  // What shows its own progress where the user is looking is not told a second time.
  const shownHere =
    view === 'Reading'
      ? [worklist.opening, session.drafting]
      : view === 'Indices'
        ? [place.show === 'import' ? imports.running?.task : undefined, imports.preview?.task]
        : [];
  const background = tasks.find((t) => !shownHere.includes(t.task));
  const drop = (paths: string[]) => {
    if (view !== 'Indices') return void openPaths(paths);
    imports.begin(paths, ownDataset(place, datasets.list));
    setPlace({ show: 'import' });
  };

  return (
    <div className="room">
      <TopBar
        row={row}
        view={view}
        worklistShown={worklistShown}
        onView={setView}
        onWorklist={() => setWorklistShown(!worklistShown)}
        onOpen={(kind) => void choose(kind)}
        onHelp={() => setHelp(true)}
        onLock={() => void bridge().call('session.lock', {}).catch(notices.fail)}
      />
      {engine.state === 'lost' && (
        <div className="banner" role="alert" data-testid="engine-lost">
          <Icon name="flag" />{' '}
          {engine.message ?? 'The engine stopped and is being restarted. Your reports are saved.'}
        </div>
      )}
      {view === 'Reading' && (
        <div className={worklistShown ? 'desk' : 'desk no-worklist'}>
          {worklistShown && (
            <WorklistColumn
              worklist={worklist}
              selected={current}
              progress={taskOf(worklist.opening)}
              onSelect={setChosen}
            />
          )}
          {study ? (
            <Suspense fallback={<div className="reading" />}>
              {/* After a restart of the engine the images are asked for again. */}
              <Viewports key={`${study.uid} ${engine.restarts}`} study={study} focus={focus} />
            </Suspense>
          ) : (
            <Welcome known={worklist.known && rows.length === 0} onOpen={openPaths} />
          )}
          {current !== undefined && (
            <ReportPane
              study={current}
              session={session}
              fileName={`report-${(row?.accession ?? row?.date ?? 'study').replace(/[^\w-]+/g, '-')}`}
              progress={taskOf(session.drafting)}
              onFocus={setFocus}
            />
          )}
        </div>
      )}
      {view === 'Indices' && (
        <IndicesView imports={imports} search={search} place={place} taskOf={taskOf} onPlace={setPlace} />
      )}
      {view === 'Models' && <ModelsView />}
      {view === 'Users' && <UsersView />}
      <StatusLine engine={engine} notices={notices} background={background} />
      <DropTarget words={view === 'Indices' ? 'Drop to import' : 'Drop to open'} onDrop={drop} />
      {help && <ShortcutSheet onClose={() => setHelp(false)} />}
    </div>
  );
}

/** The dataset that is shown, where it can be imported into. */
function ownDataset(place: IndicesPlace, list: Dataset[]): string | undefined {
  if (place.show !== 'dataset') return undefined;
  return list.find((d) => d.id === place.id && d.kind === 'own')?.id;
}

/** What an empty reading room offers: opening something of one's own, or the bundled sample. */
function Welcome({ known, onOpen }: { known: boolean; onOpen(paths: string[]): void }) {
  const [sample, setSample] = useState<string>();
  useEffect(() => {
    bridge()
      .app('app.info', {})
      .then(
        (info) => setSample(info.sample),
        () => {},
      );
  }, []);
  if (!known) return <div className="welcome" />;
  return (
    <main className="welcome">
      <h1>Open a study</h1>
      <p>Drop files, folders, a ZIP or a DICOMDIR anywhere on this window, or use the buttons above.</p>
      {sample && (
        <button type="button" className="primary" data-testid="open-sample" onClick={() => onOpen([sample])}>
          Open the sample study
        </button>
      )}
      <p className="quiet">Everything stays on this workstation.</p>
    </main>
  );
}
