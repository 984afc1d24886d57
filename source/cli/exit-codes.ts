/** The exit codes of every command: a contract (see docs). */
export const exitCodes = {
	done: 0,
	failed: 1,
	invalid: 2,
	notFound: 3,
	unreachable: 4,
	denied: 5,
	waiting: 6,
	interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** By failure code, else by its last word; anything else is 1. */
const byCode: Readonly<Record<string, ExitCode>> = {
	'usage.invalid': exitCodes.invalid,
	'event.invalid': exitCodes.invalid,
	'workflow.invalid': exitCodes.invalid,
	'template.invalid': exitCodes.invalid,
	'template.variables-invalid': exitCodes.invalid,
	'template.result-invalid': exitCodes.invalid,
	'template.value-misfit': exitCodes.invalid,
	'template.address-invalid': exitCodes.invalid,
	'inputs.invalid': exitCodes.invalid,
	'inputs.too-large': exitCodes.invalid,
	'agents.invalid': exitCodes.invalid,
	'request.invalid': exitCodes.invalid,
	'agent.unknown': exitCodes.invalid,
	'tool.unknown': exitCodes.notFound,
	'tool.operation-unknown': exitCodes.notFound,
	'tool.arguments-invalid': exitCodes.invalid,
	'tool.invalid': exitCodes.invalid,
	'bundle.requirements-missing': exitCodes.invalid,
	'bundle.ambiguous': exitCodes.invalid,
	'bundle.invalid': exitCodes.invalid,
	'bundle.unsafe': exitCodes.invalid,
	'bundle.damaged': exitCodes.invalid,
	'bundle.too-large': exitCodes.invalid,
	'bundle.exists': exitCodes.invalid,
	'runtime.too-old': exitCodes.invalid,
	'secret.missing': exitCodes.invalid,
	'daemon.unreachable': exitCodes.unreachable,
	'daemon.unintelligible': exitCodes.unreachable,
	'daemon.outdated': exitCodes.unreachable,
	'daemon.already-running': exitCodes.unreachable,
	'queue.unreachable': exitCodes.unreachable,
	'queue.message-too-large': exitCodes.invalid,
	'state.unwritable': exitCodes.unreachable,
	'journal.unwritable': exitCodes.unreachable,
	'journal.corrupted': exitCodes.unreachable,
	'workspace.untrusted': exitCodes.denied,
	'schedule.unarmed': exitCodes.denied,
};
const byLastWord: Readonly<Record<string, ExitCode>> = {
	'not-found': exitCodes.notFound,
	denied: exitCodes.denied,
};

export const exitCodeOf = (failureCode: string): ExitCode =>
	byCode[failureCode] ?? byLastWord[failureCode.split('.').at(-1)!] ?? exitCodes.failed;
