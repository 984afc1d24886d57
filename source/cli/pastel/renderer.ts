import type {ReactElement} from 'react';
import {usageInvalid} from '../../errors.ts';
import {createOutput} from '../output.ts';
import {tellFailure} from '../report-failure.ts';

/**
 * Stands in the bundle for what Pastel takes from Ink and @inkjs/ui. Commands print lines or JSON and draw nothing, so
 * their component is called once: standard output stays clean, and Ink with its layout engine is not loaded.
 */
export const render = (element: ReactElement): void => {
	let node: unknown = element;
	while (isElement(node)) node = node.type(node.props);
};

/** How Pastel tells that an option has a wrong value; it would end the process with 1 right after. */
export function StatusMessage({children}: {readonly children: string}): never {
	const output = createOutput({json: process.argv.includes('--json'), verbose: false, color: true});
	process.exit(tellFailure(usageInvalid(`${children}.`, 'See what it takes with `--help`.'), output));
}

const isElement = (node: unknown): node is {type: (props: unknown) => unknown; props: unknown} =>
	typeof node === 'object' && node !== null && 'type' in node && typeof node.type === 'function';
