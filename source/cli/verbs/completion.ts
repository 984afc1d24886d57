import {usageInvalid} from '../../errors.ts';
import {places, scripts, shells} from '../completion/shells.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Prints what a shell needs to complete commands, options and names. */
export const printCompletion: Verb<typeof tables.none> = async ({args, output}) => {
	const shell = shells.find(known => known === args[0]);
	if (!shell) throw usageInvalid(`There is no completion for "${args[0]}".`, `There is for ${shells.join(', ')}.`);
	const {file, now} = places[shell];
	if (output.isJson) await output.document({shell, file, now, text: scripts[shell]});
	else {
		await output.raw(scripts[shell]);
		// Who reads it into a shell wants to read nothing else.
		if (output.columns !== undefined)
			output.note(`To try it: ${now}\nTo keep it: aiworkflow completion ${shell} > ${file}`);
	}

	return exitCodes.done;
};
