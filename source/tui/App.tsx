import {Box, useInput, usePaste} from 'ink';
import {useCockpit} from './hooks/use-cockpit.ts';
import {type KeyPress, keyPressesOf} from './keys/names.ts';
import {layoutOf} from './layout.ts';
import {Approval} from './panes/Approval.tsx';
import {Attention} from './panes/Attention.tsx';
import {Bottom} from './panes/Bottom.tsx';
import {Header} from './panes/Header.tsx';
import {Help} from './panes/Help.tsx';
import {NeedsYou} from './panes/NeedsYou.tsx';
import {Output} from './panes/Output.tsx';
import {Runs} from './panes/Runs.tsx';
import {Steps} from './panes/Steps.tsx';
import {TooSmall} from './panes/TooSmall.tsx';
import type {CockpitState} from './state.ts';
import type {Store} from './store/store.ts';
import type {Look} from './theme.ts';

interface Props {
	readonly store: Store;
	readonly look: Look;
	readonly onKeys: (keys: readonly KeyPress[]) => void;
	readonly onPaste: (text: string) => void;
}

export const App = ({store, look, onKeys, onPaste}: Props) => {
	useInput((input, key) => onKeys(keyPressesOf(input, key)));
	usePaste(onPaste);
	return <Screen state={useCockpit(store)} look={look} />;
};

/** Exactly as high as the terminal: a frame any higher would clear the screen each time. */
export const Screen = ({state, look}: {readonly state: CockpitState; readonly look: Look}) => (
	<Box flexDirection="column" width={state.size.columns} height={state.size.rows} overflow="hidden">
		<Panes state={state} look={look} />
	</Box>
);

const Panes = ({state, look}: {readonly state: CockpitState; readonly look: Look}) => {
	const {kind, hasAttention, needs, help, runs, approval, steps, output} = layoutOf(state);
	const given = {state, look};
	if (kind === 'too-small') return <TooSmall {...given} />;
	return (
		<>
			<Header {...given} isWide={kind === 'wide'} />
			{hasAttention && <Attention {...given} />}
			{needs && <NeedsYou {...given} size={needs} />}
			{help && <Help {...given} size={help} />}
			<Box flexDirection="row" flexShrink={0}>
				{runs && <Runs {...given} size={runs} />}
				<Box flexDirection="column" flexShrink={0}>
					{approval && <Approval {...given} size={approval} />}
					{steps && <Steps {...given} size={steps} />}
					{output && <Output {...given} size={output} />}
				</Box>
			</Box>
			<Bottom {...given} />
		</>
	);
};
