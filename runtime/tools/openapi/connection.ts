import {answerInvalid, unreachable} from './failures.ts';

/**
 * @param fallback What the server did, for an error that says nothing of it.
 * @returns What to throw for an error of a connection; the reason of the signal where that has aborted.
 */
export const failureOfConnection = (error: unknown, who: string, fallback: string, signal: AbortSignal): unknown => {
	if (signal.aborted) return signal.reason;
	const code = codeOf(error);
	// The parser of HTTP, or an unpacker, met what it cannot read.
	if (code?.startsWith('HPE_') || code?.startsWith('Z_') || code?.startsWith('ERR__ERROR_FORMAT')) {
		return answerInvalid(
			code.startsWith('HPE_')
				? `${who} answered something that is not HTTP.`
				: `${who} answered something that cannot be unpacked (${code}).`,
			'Look whether the address is one of an HTTP server; try it with `curl -v`.',
			error,
		);
	}

	return unreachable(`${who} ${wordsOf(code) ?? fallback}${code ? ` (${code})` : ''}.`, error);
};

/** The code of the innermost cause that has one. */
const codeOf = (error: unknown): string | undefined => {
	let code: string | undefined;
	for (let each = error; each instanceof Error; each = each.cause) {
		if (each.name === 'HTTPParserError') code = 'HPE_INVALID';
		const own = (each as NodeJS.ErrnoException).code;
		if (typeof own === 'string') code = own;
		// Several addresses of one name were tried.
		if (each instanceof AggregateError) code ??= codeOf(each.errors[0]);
	}

	return code;
};

const wordsOf = (code: string | undefined): string | undefined => {
	if (code === undefined) return undefined;
	if (code === 'ECONNREFUSED') return 'does not take connections';
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'has a name that cannot be found';
	if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET') return 'closed the connection';
	if (code.startsWith('UND_ERR_') && code.endsWith('TIMEOUT')) return 'did not answer in time';
	if (code.includes('CERT') || code.includes('SSL') || code.includes('TLS'))
		return 'has no certificate that can be trusted';
	return undefined;
};
