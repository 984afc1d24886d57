import type {NotifySettings} from '../settings/settings.ts';
import type {Emission} from './decide.ts';

const esc = '\x1b';
const bel = '\x07';

/** Puts the title that the terminal has on its stack (xterm, window manipulation 22). */
export const saveTitle = `${esc}[22;2t`;
/** Takes it back; a terminal without a stack gets the empty title first, which is its own default. */
export const restoreTitle = `${esc}]2;${bel}${esc}[23;2t`;

/**
 * The bytes of an emission. None of them moves the cursor or writes a character.
 *
 * @param isTmux Inside tmux a notification has to be passed through to the terminal outside; tmux does so only with its
 * option `allow-passthrough`.
 */
export const sequencesOf = (
	{isBell, title, notification}: Emission,
	desktop: NotifySettings['desktop'],
	isTmux: boolean,
): string => {
	const notified = notification === undefined ? '' : notificationOf(plainOf(notification), desktop);
	return [
		title === undefined ? '' : `${esc}]2;${plainOf(title)}${bel}`,
		notified !== '' && isTmux ? passedThrough(notified) : notified,
		isBell ? bel : '',
	].join('');
};

const notificationOf = (text: string, desktop: NotifySettings['desktop']): string => {
	if (desktop === 'osc9') return `${esc}]9;${text}${bel}`;
	// Its fields are separated by semicolons, and there is no way to write one.
	return desktop === 'osc777' ? `${esc}]777;notify;aiworkflow;${text.replaceAll(';', ',')}${bel}` : '';
};

/** Names of workflows and questions of agents must not be able to drive the terminal. */
const plainOf = (text: string): string => text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, ' ');

/** Device control string of tmux: every escape in it doubled. */
export const passedThrough = (sequence: string): string => `${esc}Ptmux;${sequence.replaceAll(esc, esc + esc)}${esc}\\`;
