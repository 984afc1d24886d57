import type {Binding} from '../../keys/bindings.ts';

export const logsBindings: readonly Binding[] = [
	{keys: ['f'], action: 'follow-log', description: 'follow the log, or hold it', hint: 'follow', where: ['logs']},
];
