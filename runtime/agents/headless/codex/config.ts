import {recordOf} from '../../acp/failures.ts';

/**
 * `CODEX_CONFIG` is for the bridge to ACP; the program itself takes `-c key=value`, the value in TOML.
 *
 * @returns The same settings as arguments; none where it is no JSON object.
 */
export const configArgsOf = (json: string | undefined): string[] =>
	Object.entries(parsed(json)).flatMap(([key, value]) => ['-c', `${keyOf(key)}=${tomlOf(value)}`]);

export const settingOf = (json: string | undefined, key: string): unknown => parsed(json)[key];

const parsed = (json: string | undefined): Readonly<Record<string, unknown>> => {
	try {
		return recordOf(JSON.parse(json ?? '{}')) ?? {};
	} catch {
		return {};
	}
};

/** A JSON value in TOML, on one line. What TOML has no word for (null) is left out. */
export const tomlOf = (value: unknown): string => {
	if (Array.isArray(value)) return `[${value.map(tomlOf).join(', ')}]`;
	const table = recordOf(value);
	// A string of JSON is a basic string of TOML.
	if (!table) return JSON.stringify(value);
	const entries = Object.entries(table).filter(([, inner]) => inner !== null && inner !== undefined);
	return `{${entries.map(([key, inner]) => `${keyOf(key)} = ${tomlOf(inner)}`).join(', ')}}`;
};

const keyOf = (key: string) => (/^[\w-]+$/.test(key) ? key : JSON.stringify(key));
