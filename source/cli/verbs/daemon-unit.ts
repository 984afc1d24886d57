import {homedir} from 'node:os';
import path from 'node:path';
import {usageInvalid} from '../../errors.ts';
import {daemonEntry} from '../../install.ts';
import {stateFolderOf} from '../../paths.ts';
import {launchdLabel, launchdPlistOf, systemdUnitOf, type UnitFacts} from '../daemon-unit.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Prints what keeps a daemon there, so that triggers fire after a restart of the machine; installs nothing. */
export const printDaemonUnit: Verb<typeof tables.daemonUnit> = async ({options, output}) => {
	const kind = kindOf(options);
	const facts: UnitFacts = {
		...{node: process.execPath, entry: daemonEntry, stateFolder: stateFolderOf()},
		environment: environmentOf(process.env),
	};
	const {text, file, install} =
		kind === 'systemd'
			? {
					text: systemdUnitOf(facts),
					file: path.join(homedir(), '.config/systemd/user/aiworkflow.service'),
					install:
						'systemctl --user enable --now aiworkflow; it ends with your last session, unless `loginctl enable-linger`',
				}
			: {
					text: launchdPlistOf(facts),
					file: path.join(homedir(), `Library/LaunchAgents/${launchdLabel}.plist`),
					install: `launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/${launchdLabel}.plist`,
				};
	if (output.isJson) await output.document({kind, file, text});
	else {
		await output.print(text.trimEnd());
		output.note(`Write it to ${file}, then: ${install}.`);
	}

	return exitCodes.done;
};

const kindOf = ({systemd, launchd}: {readonly systemd: boolean; readonly launchd: boolean}): 'systemd' | 'launchd' => {
	if (systemd && launchd) throw usageInvalid('It prints one of the two.', 'Choose --systemd or --launchd.');
	if (systemd) return 'systemd';
	if (launchd) return 'launchd';
	if (process.platform === 'linux') return 'systemd';
	if (process.platform === 'darwin') return 'launchd';
	throw usageInvalid('It is not known what starts services on this system.', 'Choose --systemd or --launchd.');
};

/** Where its own settings and programs are; runs of triggers have the environment of whoever armed them. */
const environmentOf = (environment: NodeJS.ProcessEnv): Record<string, string> =>
	Object.fromEntries(
		['PATH', 'LANG', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'].flatMap(name => {
			const value = environment[name];
			return value ? [[name, value] as const] : [];
		}),
	);
