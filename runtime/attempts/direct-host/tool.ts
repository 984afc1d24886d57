import {AiworkflowError} from '../../../source/errors.ts';
import type {ToolWork} from '../../../source/workflow/direct-work.ts';
import type {DirectHandler} from './handle.ts';

/** Opens the tool, calls one operation, and closes it. */
export const handleTool: DirectHandler<ToolWork> = async ({tool}) => {
	throw new AiworkflowError({
		code: 'tool.unknown',
		message: `There is no tool "${tool}".`,
		suggestion: 'Tools are files: `.aiworkflow/tools/<name>.yaml`, or `tools/<name>.yaml` beside the workflow.',
	});
};
