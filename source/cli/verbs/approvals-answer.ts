import type {Client} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {unitNameOf} from '../../run/state.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

export const approve: Verb<typeof tables.approvalsApprove> = async ({args, options, output}) => {
	const client = await connect();
	const {comment, option: optionId} = options;
	const approval = await client.approve(args[0]!, {origin: originOf('command'), comment, optionId});
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

const titleOf = ({workflow, runNumber, stepId, item, question}: Awaited<ReturnType<Client['approve']>>) =>
	`${workflow} ${runNumber}, ${unitNameOf(stepId, item)}: ${oneLine(question, 100)}`;
