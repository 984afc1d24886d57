import {homedir} from 'node:os';
import {render} from 'ink';
import {App} from './App.tsx';
import {farewellOf} from './farewell.ts';
import type {KeyPress} from './keys/names.ts';
import {paste, press} from './keys/press.ts';
import {resized} from './layout.ts';
import {cockpitLimits} from './limits.ts';
import type {CockpitOptions} from './main.tsx';
import {type Session, startSession} from './session/session.ts';
import {type CockpitState, initialState} from './state.ts';
import {createStore, realTimers, type Store} from './store/store.ts';
import {type Ending, holdStderr, watchForEndings} from './terminal.ts';
import {lookOf} from './theme.ts';

/** Shows the cockpit until it is quit, and leaves the terminal as it found it. */
export const showCockpit = async (options: CockpitOptions): Promise<number> => {
	const {connect, renderMode = 'incremental', isAscii, noColor} = options;
	const {stdout} = process;
	const {promise: ending, resolve: end} = Promise.withResolvers<Ending>();
	const store = createStore(initialStateOf(options), {
		timers: realTimers,
		frameMs: process.env.SSH_CONNECTION ? cockpitLimits.frameMsOverSsh : cockpitLimits.frameMs,
	});
	const releaseStderr = holdStderr();
	const unwatch = watchForEndings(end);
	const onResize = () => store.change(state => resized(state, sizeOf(stdout)));
	let session: Session | undefined;
	const app = render(
		<App
			store={store}
			look={lookOf({isAscii, isMono: noColor})}
			onKeys={keys =>
				pressKeys(store, keys, effect => (effect.kind === 'quit' ? end({exitCode: 0}) : session?.perform(effect)))
			}
			onPaste={text => store.change(state => paste(state, text))}
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
	app.waitUntilExit().then(
		() => end({exitCode: 0}),
		error => end({exitCode: 1, error}),
	);
	stdout.on('resize', onResize);
	// Painted first, connected then: a daemon that has to be started must not delay the screen.
	session = startSession({connect, store, timers: realTimers});

	const {exitCode, error} = await ending;
	session.stop();
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

const initialStateOf = ({workspace, version, isReadOnly, runId}: CockpitOptions): CockpitState =>
	initialState({
		workspace,
		version,
		isReadOnly,
		runId,
		home: homedir(),
		size: sizeOf(process.stdout),
		nowMs: Date.now(),
	});

const sizeOf = ({columns, rows}: {columns?: number; rows?: number}) => ({columns: columns || 80, rows: rows || 24});
