import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Serve tools of this workspace over MCP, on standard input and output';
export const options = schemaOf(tables.toolsServe);

export default command(async () => (await import('../../source/cli/verbs/tools-serve.ts')).serveTools);
