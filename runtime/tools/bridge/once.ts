import {failureOf} from '../../../source/errors.ts';
import type {Offer} from './offer.ts';

/** Answers one command of an agent that takes no servers of MCP: a JSON document on standard output. @returns The exit code. */
export const runOnce = async (offer: Offer, [what, name = '', given = '{}']: readonly string[]): Promise<number> => {
	const stop = new AbortController();
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
	try {
		print(what === 'call' ? await called(offer, name, given, stop.signal) : await listed(offer, stop.signal));
		return 0;
	} catch (error) {
		const {code, message, suggestion} = failureOf(error);
		print({error: {code, message, suggestion}});
		return 1;
	}
};

const called = (offer: Offer, name: string, given: string, signal: AbortSignal) =>
	offer.call(name, JSON.parse(given) as Readonly<Record<string, unknown>>, signal);

const listed = async (offer: Offer, signal: AbortSignal) => ({
	tools: (await offer.list(signal)).map(({tool, operation}) => ({...operation, name: `${tool}.${operation.name}`})),
});

const print = (document: unknown) => void process.stdout.write(`${JSON.stringify(document)}\n`);
