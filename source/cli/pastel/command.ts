import type {CommonOptions, OptionTable} from '../options.ts';
import {runVerb, type Verb} from '../verb.ts';

interface Props {
	readonly args?: readonly (string | undefined)[];
	readonly options: Record<string, unknown>;
}

/**
 * The component of a command file: it draws nothing and runs the verb, which is loaded only now, because Pastel imports
 * every command file at each start.
 */
export const command =
	<Table extends OptionTable>(load: () => Promise<Verb<Table>>) =>
	({args = [], options}: Props) => {
		void runVerb(load as () => Promise<Verb<OptionTable>>, args, options as unknown as CommonOptions);
		return null;
	};
