type Environment = Readonly<Record<string, string>>;

/** What every run may have of the environment of whoever started it; all else must be asked for with `pass-env:`. */
const names: ReadonlySet<string> = new Set([
	'PATH',
	'HOME',
	'USER',
	'LOGNAME',
	'SHELL',
	'LANG',
	'LANGUAGE',
	'TZ',
	'TERM',
	'COLORTERM',
	'TMPDIR',
	'TMP',
	'TEMP',
	'XDG_CONFIG_HOME',
	'XDG_CACHE_HOME',
	'XDG_DATA_HOME',
	'XDG_STATE_HOME',
	'XDG_RUNTIME_DIR',
	'AIWORKFLOW_HOME',
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'NO_PROXY',
	'ALL_PROXY',
	'http_proxy',
	'https_proxy',
	'no_proxy',
	'all_proxy',
	'SSL_CERT_FILE',
	'SSL_CERT_DIR',
	'NODE_EXTRA_CA_CERTS',
]);

/** @returns The part of an environment that a run keeps. Never journalled. */
export const runEnvironmentOf = (given: Environment, alsoNames: readonly string[]): Environment => {
	const also = new Set(alsoNames);
	return Object.fromEntries(
		Object.entries(given).filter(([name]) => names.has(name) || name.startsWith('LC_') || also.has(name)),
	);
};

/** @returns Values of the secrets a workflow names, from the environment of whoever started the run. */
export const secretsOf = (given: Environment, secretNames: readonly string[]): Environment =>
	Object.fromEntries(secretNames.flatMap(name => (given[name] === undefined ? [] : [[name, given[name]]])));
