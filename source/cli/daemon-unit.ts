/** What a service manager has to know to run the daemon. */
export interface UnitFacts {
	/** Absolute paths. */
	readonly node: string;
	readonly entry: string;
	readonly stateFolder: string;
	/** What the daemon needs of the environment; its own, not that of runs. */
	readonly environment: Readonly<Record<string, string>>;
}

export const launchdLabel = 'aiworkflow.daemon';

/** A user unit: restarted when it fails, and attempts go on when it ends, for the next daemon to find. */
export const systemdUnitOf = ({node, entry, stateFolder, environment}: UnitFacts): string =>
	[
		'[Unit]',
		'Description=aiworkflow: runs workflows and their triggers',
		'',
		'[Service]',
		'Type=exec',
		`ExecStart=${[node, entry, '--state', stateFolder].map(argument => quotedForExec(argument)).join(' ')}`,
		...Object.entries(environment).map(([name, value]) => `Environment=${quotedForSystemd(`${name}=${value}`)}`),
		'# A daemon that a command started may run already: this one takes over when that one has ended.',
		'Restart=on-failure',
		'RestartSec=5',
		'# What a step started goes on without the daemon.',
		'KillMode=process',
		'',
		'[Install]',
		'WantedBy=default.target',
		'',
	].join('\n');

/** A property list of a launch agent with the same meaning. */
export const launchdPlistOf = ({node, entry, stateFolder, environment}: UnitFacts): string =>
	[
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
		'<plist version="1.0">',
		'<dict>',
		`\t<key>Label</key><string>${launchdLabel}</string>`,
		'\t<key>ProgramArguments</key>',
		'\t<array>',
		...[node, entry, '--state', stateFolder].map(argument => `\t\t<string>${escapedXml(argument)}</string>`),
		'\t</array>',
		'\t<key>EnvironmentVariables</key>',
		'\t<dict>',
		...Object.entries(environment).map(
			([name, value]) => `\t\t<key>${escapedXml(name)}</key><string>${escapedXml(value)}</string>`,
		),
		'\t</dict>',
		'\t<key>RunAtLoad</key><true/>',
		'\t<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>',
		'\t<key>ThrottleInterval</key><integer>5</integer>',
		'\t<key>AbandonProcessGroup</key><true/>',
		'</dict>',
		'</plist>',
		'',
	].join('\n');

/** `%` begins a specifier everywhere, quotes and backslashes are C-like. */
const quotedForSystemd = (text: string): string =>
	`"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('\n', '\\n')}"`;

/** In a command line `$` begins a variable as well. */
const quotedForExec = (text: string): string => quotedForSystemd(text).replaceAll('$', '$$$$');

const escapedXml = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
