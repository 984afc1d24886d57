import {failureOf} from '../../errors.ts';
import {checkAgents} from './agents.ts';
import {checkCompletion} from './completion.ts';
import {checkDaemon} from './daemon.ts';
import type {Check, Finding, Patient} from './finding.ts';
import {checkJournal} from './journal.ts';
import {checkNode} from './node.ts';
import {checkPrograms} from './programs.ts';
import {checkQueues} from './queues.ts';
import {checkSettings} from './settings.ts';
import {checkStateFolder} from './state-folder.ts';
import {checkTemplates} from './templates.ts';
import {checkTerminal} from './terminal.ts';
import {checkTools} from './tools.ts';
import {checkTriggers} from './triggers.ts';
import {checkWebhooks} from './webhooks.ts';
import {checkWorkflows} from './workflows.ts';
import {checkWorkspace} from './workspace.ts';

/** All of `doctor`, in the order in which a person reads it: what everything needs comes first. */
export const checks: readonly Check[] = [
	checkNode,
	checkStateFolder,
	checkSettings,
	checkDaemon,
	checkJournal,
	checkPrograms,
	checkWorkspace,
	checkWorkflows,
	checkTemplates,
	checkAgents,
	checkTools,
	checkTriggers,
	checkWebhooks,
	checkQueues,
	checkTerminal,
	checkCompletion,
];

/** @returns What a check found; what keeps it from looking is a finding too. */
export const findingsOf = async ({name, look}: Check, patient: Patient): Promise<readonly Finding[]> => {
	try {
		return await look(patient);
	} catch (error) {
		const {message, suggestion} = failureOf(error);
		return [{name, status: 'warn', detail: `could not be looked at: ${message}`, fix: suggestion}];
	}
};
