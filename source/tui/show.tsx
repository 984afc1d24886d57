import {homedir} from 'node:os';
import {type Instance, render} from 'ink';
import {createDraftFile} from '../editor.ts';
import {App} from './App.tsx';
import {startAlerts} from './alerts/alerts.ts';
import {clipboardSequenceOf, writeCopy} from './copy/clipboard.ts';
import type {Copied} from './copy/text.ts';
import {type Editing, startEditor} from './editor.ts';
import {farewellOf} from './farewell.ts';
import {staleOnly} from './fetched/stale.ts';
import {bindings} from './keys/bindings.ts';
import type {KeyPress} from './keys/names.ts';
import {paste, press} from './keys/press.ts';
import {remappedKeys} from './keys/remap.ts';
import {withThemes} from './keys/themes.ts';
import {resized} from './layout.ts';
import {cockpitLimits} from './limits.ts';
import type {CockpitOptions} from './main.tsx';
import {keepMemory} from './memory/keep.ts';
import {openMemoryFile} from './memory/memory-file.ts';
import {type Session, startSession} from './session/session.ts';
import {type LoadedSettings, loadThemes} from './settings/load.ts';
import {settingsNoticeOf} from './settings/notice.ts';
import {type CockpitState, initialState, type Notice} from './state.ts';
import {createStore, realTimers, type Store} from './store/store.ts';
import {type Ending, holdStderr, stopReadingInput, watchForEndings} from './terminal.ts';
import {shortPathOf} from './text/short-path.ts';
import {lookOf} from './theme.ts';

export interface ShowOptions extends CockpitOptions {
	readonly loaded: LoadedSettings;
}

/** Shows the cockpit until it is quit, and leaves the terminal as it found it. */
export const showCockpit = async (options: ShowOptions): Promise<number> => {
	const {connect, renderMode = 'incremental', isAscii, noColor, loaded} = options;
	const {stdout} = process;
	const {promise: ending, resolve: end} = Promise.withResolvers<Ending>();
	const store = createStore(initialStateOf(options), {
		timers: realTimers,
		frameMs: process.env.SSH_CONNECTION ? cockpitLimits.frameMsOverSsh : cockpitLimits.frameMs,
	});
	const releaseStderr = holdStderr();
	let editing: Editing | undefined;
	// A ctrl-c while the editor has the terminal is meant for the editor.
	const unwatch = watchForEndings(why => {
		if (!editing || why.exitCode !== interruptedCode) end(why);
	});
	const onResize = () => store.change(state => resized(state, sizeOf(stdout)));
	let session: Session | undefined;
	let lendTerminal: ((task: () => Promise<void>) => Promise<void>) | undefined;
	const edit = async (file: string): Promise<void> => {
		if (!lendTerminal || editing) return;
		let said: string | undefined;
		await lendTerminal(async () => {
			await stopReadingInput();
			editing = startEditor(file, store.get().workspace);
			said = await editing.done;
		});
		editing = undefined;
		const notice = said === undefined ? undefined : ({kind: 'failure', text: said} as const);
		store.change(state => ({
			...state,
			notice,
			fetched: staleOnly(state.fetched, ['workflows', 'workflow', 'workspace', 'tools', 'tool']),
		}));
	};
	/** What was made of the text of a question: it is shown, and goes on with the yes that follows. */
	const editText = async ({approvalId, text, name}: TextToEdit): Promise<void> => {
		if (!lendTerminal || editing) return;
		const draft = createDraftFile(text, name);
		let said: string | undefined;
		try {
			await lendTerminal(async () => {
				await stopReadingInput();
				editing = startEditor(draft.file, store.get().workspace);
				said = await editing.done;
			});
			const edited = draft.read();
			store.change(state =>
				withEdited(state, approvalId, said === undefined && edited !== text ? edited : undefined, said),
			);
		} finally {
			editing = undefined;
			draft.remove();
		}
	};
	const look = lookOf({theme: loaded.theme, isAscii: isAscii || loaded.settings.isAscii, isMono: noColor});
	const app = render(
		<App
			store={store}
			look={look}
			onKeys={keys => {
				alerts.noteKey();
				pressKeys(store, keys, effect => {
					if (effect.kind === 'quit') end({exitCode: 0});
					else if (effect.kind === 'redraw') redraw(app, store);
					else if (effect.kind === 'edit') edit(effect.file).catch(error => end({exitCode: 1, error}));
					else if (effect.kind === 'edit-text') editText(effect).catch(error => end({exitCode: 1, error}));
					else if (effect.kind === 'keep-theme') memory?.keepTheme(effect.name);
					else if (effect.kind === 'copy') copy(store, effect, options.copyFile);
					else session?.perform(effect);
				});
			}}
			onPaste={text => store.change(state => paste(state, text))}
			onTerminal={lend => {
				lendTerminal = lend;
			}}
		/>,
		{
			alternateScreen: true,
			incrementalRendering: renderMode === 'incremental',
			interactive: true,
			exitOnCtrlC: false,
			patchConsole: false,
			maxFps: 120,
		},
	);
	const alerts = startAlerts({
		store,
		timers: realTimers,
		settings: loaded.settings.notify,
		glyphs: look.glyphs,
		isTmux: Boolean(process.env.TMUX),
		write: text => stdout.write(text),
	});
	loadThemes().then(
		all => store.change(state => withThemes(state, all)),
		() => undefined,
	);
	const memory = options.memoryFile === undefined ? undefined : keepMemory(store, openMemoryFile(options.memoryFile));
	app.waitUntilExit().then(
		() => end({exitCode: 0}),
		error => end({exitCode: 1, error}),
	);
	stdout.on('resize', onResize);
	// Painted first, connected then: a daemon that has to be started must not delay the screen.
	session = startSession({connect, store, timers: realTimers, shelf: options.shelf, onFormUsed: memory?.keepInputs});

	const {exitCode, error} = await ending;
	editing?.stop();
	session.stop();
	await memory?.stop();
	alerts.stop();
	store.stop();
	stdout.off('resize', onResize);
	app.unmount();
	await app.waitUntilExit().catch(() => undefined);
	unwatch();
	const held = releaseStderr();
	const farewell = farewellOf(store.get(), exitCode, error);
	if (held) process.stderr.write(held);
	if (farewell.stdout) process.stdout.write(`${farewell.stdout}\n`);
	if (farewell.stderr) process.stderr.write(`${farewell.stderr}\n`);
	return farewell.exitCode;
};

interface TextToEdit {
	readonly approvalId: string;
	readonly text: string;
	readonly name: string;
}

/** @param said Why the editor did not end well; then nothing of it is taken. */
const withEdited = (
	state: CockpitState,
	approvalId: string,
	edited: string | undefined,
	said: string | undefined,
): CockpitState => {
	if (said !== undefined) return {...state, notice: {kind: 'failure', text: said}};
	const {dialog} = state;
	if (dialog?.kind !== 'approval' || dialog.approvalId !== approvalId) return state;
	// Keys typed for the editor must not answer.
	const armedAtMs = Date.now() + cockpitLimits.armMs;
	return {...state, dialog: {...dialog, armedAtMs, ...(edited !== undefined && {edited})}};
};

/** Whatever else has written on the screen is wiped, and every row painted anew. */
const redraw = (app: Instance, store: Store): void => {
	app.clear();
	process.stdout.write(eraseAndGoHome);
	store.change(state => ({...state}));
};

/** Of SIGINT: see `watchForEndings`. */
const interruptedCode = 130;
/** Into the clipboard of the terminal, and into a file, since no terminal says whether it has one. */
const copy = (store: Store, {text, what}: Copied, file: string): void => {
	const sequence = clipboardSequenceOf(text, Boolean(process.env.TMUX));
	// In a turn of its own: the screen is painted within one, in several writes.
	if (sequence !== undefined) setImmediate(() => process.stdout.write(sequence));
	const notice = noticeOf();
	store.change(state => ({...state, notice}));

	function noticeOf(): Notice {
		const where = shortPathOf(file, homedir());
		try {
			writeCopy(file, text);
			return {
				kind: 'info',
				text: `Copied ${what}${sequence === undefined ? ', too long for a clipboard, to' : '; also in'} ${where}.`,
			};
		} catch (error) {
			return {kind: 'failure', text: `Copied ${what}, but ${where} cannot be written: ${(error as Error).message}.`};
		}
	}
};

const eraseAndGoHome = '\x1b[2J\x1b[H';

/** Several keys may come at once; each acts on what the one before it left. */
const pressKeys = (
	store: Store,
	keys: readonly KeyPress[],
	perform: (effect: NonNullable<ReturnType<typeof press>['effect']>) => unknown,
): void => {
	for (const key of keys) {
		let outcome: ReturnType<typeof press> | undefined;
		store.change(state => {
			outcome = press(state, key);
			return outcome.state;
		});
		if (outcome?.effect) perform(outcome.effect);
	}
};

const initialStateOf = ({workspace, version, isReadOnly, runId, loaded, theme}: ShowOptions): CockpitState =>
	initialState({
		workspace,
		version,
		isReadOnly,
		runId,
		home: homedir(),
		size: sizeOf(process.stdout),
		nowMs: Date.now(),
		keyTable: remappedKeys(bindings, loaded.settings.keys),
		notice: settingsNoticeOf(loaded.diagnostics, homedir()),
		settledTheme: loaded.theme,
		// Asked for on the command line: what was chosen on another day does not count.
		...(theme !== undefined && {theme: loaded.theme}),
	});

const sizeOf = ({columns, rows}: {columns?: number; rows?: number}) => ({columns: columns || 80, rows: rows || 24});
