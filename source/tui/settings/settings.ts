import type {ActionName} from '../keys/actions.ts';

/** What a person sets for the cockpit in their own `aiworkflow.yaml`, under `cockpit:`. */
export interface CockpitSettings {
	/** Name of a theme: a built-in one, or a file in the folder of themes. */
	readonly theme: string;
	/** Draw with plain characters. */
	readonly isAscii: boolean;
	readonly notify: NotifySettings;
	/** Keys instead of those of the key table, by action. */
	readonly keys: ReadonlyMap<ActionName, readonly string[]>;
}

/** How the cockpit calls a person who looks elsewhere. */
export interface NotifySettings {
	readonly isBell: boolean;
	/** How many questions wait, in the title of the window. */
	readonly isTitle: boolean;
	/** A notification of the desktop, by the sequence that the terminal understands. */
	readonly desktop: (typeof desktopKinds)[number];
	/** Bell and desktop wait until no key was pressed for this long: whoever is at the keys sees it anyway. */
	readonly afterMs: number;
	/** At least this long between two calls; what comes in between is told by the next one. */
	readonly everyMs: number;
}

export const desktopKinds = ['off', 'osc9', 'osc777'] as const;

export const defaultSettings: CockpitSettings = {
	theme: 'default',
	isAscii: false,
	notify: {isBell: true, isTitle: true, desktop: 'off', afterMs: 10_000, everyMs: 30_000},
	keys: new Map(),
};
