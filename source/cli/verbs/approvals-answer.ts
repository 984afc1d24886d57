import type {Client} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {editText} from '../../editor.ts';
import {usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import {unitNameOf} from '../../run/state.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {readTextFile} from '../read-text-file.ts';
import type {Verb} from '../verb.ts';

export const approve: Verb<typeof tables.approvalsApprove> = async ({args, options, output}) => {
	const client = await connect();
	const {comment, option: optionId, forRun, extend, edit, textFile} = options;
	const extendBy = extend === undefined ? undefined : amountOf(extend);
	const text = await editedTextOf(client, args[0]!, {isEdited: edit, file: textFile});
	const approval = await client.approve(args[0]!, {
		...{origin: originOf('command'), comment, optionId, forRun, extendBy},
		...(text === undefined ? undefined : {text}),
	});
	if (output.isJson) await output.document(approval);
	else await output.print(`${output.paint.green('✓')} Approved: ${titleOf(approval)}`);
	return exitCodes.done;
};

export const reject: Verb<typeof tables.approvalsAnswer> = async ({args, options, output}) => {
	const client = await connect();
	const approval = await client.reject(args[0]!, {origin: originOf('command'), comment: options.comment});
	if (output.isJson) await output.document(approval);
	else await output.print(`${output.paint.red('✗')} Rejected: ${titleOf(approval)}`);
	return exitCodes.done;
};

/**
 * @returns What the text of the approval becomes; `undefined`: it stays.
 * @throws AiworkflowError `usage.invalid`, `editor.failed`.
 */
const editedTextOf = async (
	client: Client,
	id: string,
	{isEdited, file}: {readonly isEdited?: boolean; readonly file?: string},
): Promise<string | undefined> => {
	if (isEdited && file !== undefined)
		throw usageInvalid('--edit and --text-file exclude each other.', 'Give one of them.');
	if (file !== undefined) return readTextFile(file);
	if (!isEdited) return undefined;
	const {approvals} = await client.approvals();
	const approval = approvals.find(each => each.id.startsWith(id));
	if (!approval?.isEditable)
		throw usageInvalid(
			`Approval ${id} has no text that may be changed.`,
			'Leave `--edit` out, or say it with `--comment`.',
		);
	return editText(approval.preview ?? '', `${approval.workflow}-${approval.stepId}.md`);
};

/** `2`, `0.50`, `$0.50`. */
const amountOf = (text: string): number => {
	const amount = Number(text.trim().replace(/^\$/, ''));
	if (text.trim() !== '' && Number.isFinite(amount) && amount > 0) return amount;
	throw usageInvalid(`--extend must be an amount above 0, not "${text}".`, 'Write for instance `--extend 2.50`.');
};

const titleOf = ({workflow, runNumber, stepId, item, question}: Awaited<ReturnType<Client['approve']>>) =>
	`${workflow} ${runNumber}, ${unitNameOf(stepId, item)}: ${oneLine(question, 100)}`;
