import {connect} from '../../client/connect.ts';
import {attendRun} from '../attend-run.ts';
import type {Verb} from '../verb.ts';

export const watchRun: Verb<Record<never, never>> = async ({args, output}) => {
	const client = await connect();
	const {id, workflow, number, approvals} = await client.run(args[0]!);
	await output.print(
		`${output.paint.cyan('▶')} ${output.paint.bold(`${workflow} ${number}`)}  ${output.paint.dim(id)}`,
	);
	const settled = approvals.filter(({status}) => status !== 'open').map(approval => approval.id);
	return attendRun({client, runId: id, output, waitsForApprovals: true, settled});
};
