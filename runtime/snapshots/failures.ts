import {AiworkflowError} from '../../source/errors.ts';

export const snapshotFailed = (what: string, detail: string, suggestion: string) =>
	new AiworkflowError({code: 'snapshot.failed', message: `${what}: ${detail}`, suggestion});

export const snapshotOutside = (path: string, workspace: string) =>
	new AiworkflowError({
		code: 'snapshot.outside',
		message: `\`undo: files\` names ${path}, which is not in the workspace ${workspace}.`,
		suggestion: 'Name paths inside the workspace, relative to the working folder of the step.',
	});

export const snapshotTooLarge = (limit: string) =>
	new AiworkflowError({
		code: 'snapshot.too-large',
		message: `What \`undo:\` is to save has more than ${limit}.`,
		suggestion: 'Name fewer paths: those that the step changes.',
	});
