import type {Client} from '../../client/client.ts';

/** One thing that was looked at. */
export interface Finding {
	readonly name: string;
	/** `fail`: nothing works as long as it is so. `warn`: something does not, or not as it should. */
	readonly status: 'ok' | 'warn' | 'fail';
	readonly detail: string;
	/** What to do, where something can be done. */
	readonly fix?: string;
}

/** What a check may look at. */
export interface Patient {
	/** Absolute. */
	readonly workspace: string;
	readonly environment: NodeJS.ProcessEnv;
	/** Connects once; the daemon is started where none runs. @throws AiworkflowError what keeps it from answering. */
	client(): Promise<Client>;
}

export interface Check {
	/** Of its findings, where it has no better name for one. */
	readonly name: string;
	/** May throw: an expected failure is a finding as well. */
	look(patient: Patient): Promise<readonly Finding[]>;
}
