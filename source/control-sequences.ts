/** CSI; OSC ended by BEL or ST; DCS, SOS, PM and APC ended by ST; other escapes. Unfinished ones at the end count too. */
export const controlSequences =
	/(?:\u001B\[|\u009B)[0-?]*[ -/]*(?:[@-~]|$)|(?:\u001B\]|\u009D)[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C|\u001B?$)|(?:\u001B[PX^_]|[\u0090\u0098\u009E\u009F])[^\u001B\u009C]*(?:\u001B\\|\u009C|\u001B?$)|\u001B[ -/]*(?:[0-~]|$)/g;

/** Characters that steer a terminal by themselves; not tab, newline and carriage return. */
export const controlCharacters = /[\u0000-\u0008\u000B\u000C\u000E-\u001A\u001C-\u001F\u007F-\u009F]/g;

/** @returns Text that somebody else wrote, without what steers a terminal, colours included; its lines stay lines. */
export const withoutControls = (text: string): string =>
	text.replaceAll(controlSequences, '').replaceAll(/\r\n?/g, '\n').replaceAll(controlCharacters, '');
