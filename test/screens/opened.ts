import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {packageFolder} from '../../source/install.ts';
import {openSession, type Session, workflowOf} from '../sessions/session.ts';
import {openScreen, type Screen} from './driver.ts';

export interface Opening {
	/** Default: 120 x 35. */
	readonly size?: readonly [columns: number, rows: number];
	readonly flags?: readonly string[];
	readonly env?: Readonly<Record<string, string | undefined>>;
	/** What is on the screen when it is ready. Default: the hint of the key that quits. */
	readonly ready?: string | RegExp;
}

/** A session and the screens on it, all ended by `close`. */
export interface Scene {
	readonly session: Session;
	/** Opens one more cockpit, and waits until it is ready. */
	open(opening?: Opening): Promise<Screen>;
	/** Lets a script go on that waits for this file: see `untilGate`. */
	openGate(name: string): void;
	/** Writes a workflow and starts it; @returns the id of the run. */
	run(name: string, body: string, frontmatter?: string): Promise<string>;
	/** Makes `scripted` an agent of the workspace that plays a scene of test/agents/scripted-agent.ts. */
	giveAgent(scene: string): Promise<void>;
	close(): Promise<void>;
}

export const openScene = (): Scene => {
	const session = openSession();
	const screens: Screen[] = [];
	return {
		session,
		async open({size: [columns, rows] = [120, 35], flags, env, ready = 'q quit'} = {}) {
			const screen = await openScreen({columns, rows, session, flags, env});
			screens.push(screen);
			await screen.shows(ready);
			return screen;
		},
		openGate: name => writeFileSync(path.join(session.workspace, name), ''),
		run: (name, body, frontmatter) => session.start(session.write(`${name}.md`, workflowOf(name, body, frontmatter))),
		async giveAgent(scene) {
			const program = path.join(packageFolder, 'test/agents/scripted-agent.ts');
			session.write(
				'.aiworkflow/agents.yaml',
				`agents:\n  scripted:\n    command: ${process.execPath}\n    args: [${program}, ${scene}]\n`,
			);
			const {code, stderr} = await session.aiworkflow(['trust', '--yes']);
			if (code !== 0) throw new Error(`The workspace could not be trusted: ${stderr}`);
		},
		async close() {
			for (const screen of screens) await screen.close();
			await session.close();
		},
	};
};

/** Shell words that wait for a file of the workspace. */
export const untilGate = (name: string): string => `while [ ! -e ${name} ]; do sleep 0.02; done`;

export const script = (id: string, text: string): string => `## ${id}\n\`\`\`sh run\n${text}\n\`\`\`\n`;

export const question = (id: string, text: string): string =>
	`## ${id}\n\`\`\`yaml step\napproval: {}\n\`\`\`\n${text}\n`;
