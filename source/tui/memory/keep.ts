import {withRememberedTheme} from '../keys/themes.ts';
import type {CockpitState} from '../state.ts';
import {settle} from '../store/settle.ts';
import type {Store} from '../store/store.ts';
import type {MemoryFile} from './memory-file.ts';
import {type Remembered, type RememberedInputs, withInputs, withSeen} from './remembered.ts';

/** Brings what is remembered into the state, and what is worth it from the state into the file. */
export interface Memory {
	/** What was typed into a form that started a run. */
	keepInputs(file: string, texts: RememberedInputs): void;
	/** The theme that was chosen. */
	keepTheme(name: string): void;
	/** Ends the watching. Resolves when everything is written. */
	stop(): Promise<void>;
}

export const keepMemory = (store: Store, file: MemoryFile): Memory => {
	let saving: Promise<unknown> = Promise.resolve();
	let isProblemTold = false;
	/** Ids that are in the file, or on their way. */
	const known = new Set<string>();
	let looked = store.get().seen;

	const save = (change: (remembered: Remembered) => Remembered): void => {
		saving = file.update(change).catch(error => {
			if (isProblemTold) return;
			isProblemTold = true;
			tell(store, `What the cockpit remembers cannot be written: ${(error as Error).message}`);
		});
	};

	const look = (): void => {
		const {seen} = store.get();
		if (seen === looked) return;
		looked = seen;
		const added = [...seen].filter(id => !known.has(id));
		if (added.length === 0) return;
		for (const id of added) known.add(id);
		save(remembered => withSeen(remembered, added));
	};

	const loaded = file.load().then(({remembered, problem}) => {
		for (const id of remembered.seen) known.add(id);
		store.change(state => withRemembered(state, remembered));
		if (problem !== undefined) tell(store, problem);
	});
	const unsubscribe = store.subscribe(look);
	return {
		keepInputs(workflowFile, texts) {
			store.change(state => ({...state, remembered: withInputs(state.remembered, workflowFile, texts)}));
			save(remembered => withInputs(remembered, workflowFile, texts));
		},
		keepTheme(theme) {
			store.change(state => ({...state, remembered: {...state.remembered, theme}}));
			save(remembered => ({...remembered, theme}));
		},
		async stop() {
			unsubscribe();
			await loaded;
			await saving;
		},
	};
};

const withRemembered = (state: CockpitState, remembered: Remembered): CockpitState =>
	withRememberedTheme(settle(state, {...state, remembered, seen: new Set([...remembered.seen, ...state.seen])}));

const tell = (store: Store, text: string): void =>
	store.change(state => ({...state, notice: {kind: 'failure', text, isLasting: true}}));
