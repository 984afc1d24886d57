import type {Glyphs} from '../glyphs.ts';
import type {NotifySettings} from '../settings/settings.ts';
import type {Store, Timers} from '../store/store.ts';
import {type AlertMemory, decideAlerts, emptyMemory} from './decide.ts';
import {restoreTitle, saveTitle, sequencesOf} from './sequences.ts';

export interface Alerts {
	/** A person is at the keys. */
	noteKey(): void;
	/** Ends the timer, and gives the terminal its title back. */
	stop(): void;
}

export interface AlertsOptions {
	readonly store: Store;
	readonly timers: Timers;
	readonly settings: NotifySettings;
	readonly glyphs: Glyphs;
	readonly isTmux: boolean;
	/** Writes to the terminal. Called after whatever paints the screen has written its frame. */
	readonly write: (text: string) => void;
}

/** Calls a person who looks elsewhere: bell, title of the window, notification of the desktop. */
export const startAlerts = ({store, timers, settings, glyphs, isTmux, write}: AlertsOptions): Alerts => {
	let memory: AlertMemory = emptyMemory;
	let keyAtMs = Number.NEGATIVE_INFINITY;
	let cancelLook: (() => void) | undefined;
	let cancelWrite: (() => void) | undefined;
	let unwritten = '';

	const look = (): void => {
		cancelLook?.();
		cancelLook = undefined;
		const nowMs = timers.nowMs();
		const decision = decideAlerts(memory, store.get(), {nowMs, keyAtMs, settings, glyphs});
		memory = decision.memory;
		if (decision.emission) writeSoon(sequencesOf(decision.emission, settings.desktop, isTmux));
		if (decision.nextAtMs !== undefined) cancelLook = timers.after(Math.max(1, decision.nextAtMs - nowMs), look);
	};

	/** In a turn of its own: the screen is painted within one, in several writes. */
	const writeSoon = (text: string): void => {
		unwritten += text;
		cancelWrite ??= timers.after(0, () => {
			cancelWrite = undefined;
			write(unwritten);
			unwritten = '';
		});
	};

	if (settings.isTitle) writeSoon(saveTitle);
	const unsubscribe = store.subscribe(look);
	look();
	return {
		noteKey() {
			keyAtMs = timers.nowMs();
		},
		stop() {
			unsubscribe();
			cancelLook?.();
			cancelWrite?.();
			// What was not written yet saved no title either.
			const isSaved = settings.isTitle && !unwritten.includes(saveTitle);
			if (isSaved) write(restoreTitle);
		},
	};
};
