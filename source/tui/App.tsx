import {Box, useApp, useInput, usePaste} from 'ink';
import {useEffect, useMemo} from 'react';
import {useCockpit} from './hooks/use-cockpit.ts';
import {type KeyPress, keyPressesOf} from './keys/names.ts';
import {layoutOf} from './layout.ts';
import {bodies} from './pages/bodies.ts';
import {AnswerAll} from './panes/AnswerAll.tsx';
import {Approval} from './panes/Approval.tsx';
import {Attention} from './panes/Attention.tsx';
import {Bottom} from './panes/Bottom.tsx';
import {Header} from './panes/Header.tsx';
import {Help} from './panes/Help.tsx';
import {Lower} from './panes/Lower.tsx';
import {NeedsYou} from './panes/NeedsYou.tsx';
import {Palette} from './panes/Palette.tsx';
import {Runs} from './panes/Runs.tsx';
import {Steps} from './panes/Steps.tsx';
import {TooSmall} from './panes/TooSmall.tsx';
import {asOfThen} from './run-view/past.ts';
import type {CockpitState} from './state.ts';
import type {Store} from './store/store.ts';
import type {Look} from './theme.ts';

interface Props {
	readonly store: Store;
	readonly look: Look;
	readonly onKeys: (keys: readonly KeyPress[]) => void;
	readonly onPaste: (text: string) => void;
	/** Told how to lend the terminal to another program: the task has it until it is done, then all is painted again. */
	readonly onTerminal?: (lend: (task: () => Promise<void>) => Promise<void>) => void;
}

export const App = ({store, look, onKeys, onPaste, onTerminal}: Props) => {
	const {suspendTerminal} = useApp();
	useEffect(() => onTerminal?.(task => suspendTerminal(task)), [onTerminal, suspendTerminal]);
	useInput((input, key) => onKeys(keyPressesOf(input, key)));
	usePaste(onPaste);
	return <Screen state={useCockpit(store)} look={look} />;
};

/** Exactly as high as the terminal: a frame any higher would clear the screen each time. */
export const Screen = ({state, look}: {readonly state: CockpitState; readonly look: Look}) => {
	const {theme, size} = state;
	// The same object frame after frame: rows are painted anew for another one.
	const shown = useMemo(() => (theme && !look.isMono ? {...look, theme} : look), [theme, look]);
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
			<Panes state={state} look={shown} />
		</Box>
	);
};

const Panes = ({state, look}: {readonly state: CockpitState; readonly look: Look}) => {
	const {kind, hasAttention, needs, help, palette, answerAll, page, runs, approval, steps, output} = layoutOf(state);
	const Body = page && state.screen !== 'home' ? bodies[state.screen] : undefined;
	const given = {state, look};
	const then = {state: asOfThen(state), look};
	if (kind === 'too-small') return <TooSmall {...given} />;
	return (
		<>
			<Header {...given} isWide={kind === 'wide'} />
			{hasAttention && <Attention {...given} />}
			{needs && <NeedsYou {...given} size={needs} />}
			{help && <Help {...given} size={help} />}
			{palette && <Palette {...given} size={palette} />}
			{answerAll && <AnswerAll {...given} size={answerAll} />}
			{Body && page && <Body {...given} size={page} />}
			<Box flexDirection="row" flexShrink={0}>
				{runs && <Runs {...given} size={runs} />}
				<Box flexDirection="column" flexShrink={0}>
					{approval && <Approval {...given} size={approval} />}
					{steps && <Steps {...then} now={state} size={steps} />}
					{output && <Lower {...then} size={output} />}
				</Box>
			</Box>
			<Bottom {...given} />
		</>
	);
};
