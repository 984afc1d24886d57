import type {OpenapiImplementation} from '../../../source/tools/definition.ts';
import {didYouMean} from '../../../source/workflow/text/nearest.ts';
import type {ToolPlace} from '../parts.ts';
import type {ApiOperation} from './api-operation.ts';
import type {ApiDocument} from './document.ts';
import {documentInvalid, unauthenticated} from './failures.ts';
import {type JsonObject, objectOf} from './json.ts';

/** What proves who we are, as parts of a request. */
export interface Credentials {
	readonly headers: readonly (readonly [string, string])[];
	readonly query: readonly (readonly [string, string])[];
	readonly cookies: readonly (readonly [string, string])[];
	/** Never shown, in none of these forms. */
	readonly secrets: readonly string[];
}

type Auth = OpenapiImplementation['auth'];
type Given = string | {readonly username: string; readonly password: string};

/** @throws AiworkflowError `tool.answer-invalid` where `auth:` names a scheme that the document does not have. */
export const checkAuthNames = (auth: Auth, document: ApiDocument): void => {
	const known = Object.keys(schemesOf(document));
	const unknown = Object.keys(auth).find(name => !known.includes(name));
	if (unknown === undefined) return;
	throw documentInvalid(
		document.name,
		`it has no security scheme "${unknown}", which \`auth:\` of the tool names.`,
		known.length === 0
			? 'It has none at all: leave `auth:` out, or add `components.securitySchemes` to a copy of it.'
			: didYouMean(unknown, known, `Its schemes are: ${known.join(', ')}.`),
	);
};

/**
 * The first of the alternatives that there is a value for. Nothing has been sent yet.
 *
 * @throws AiworkflowError `tool.unauthenticated` with the words to write; `expression.failed` where a secret is missing.
 */
export const credentialsOf = (
	operation: ApiOperation,
	auth: Auth,
	document: ApiDocument,
	resolve: ToolPlace['resolve'],
): Credentials => {
	const alternatives = operation.security.map(each => Object.keys(each));
	const isGiven = (name: string) => Object.hasOwn(auth, name);
	const chosen = alternatives.find(names => names.length > 0 && names.every(isGiven));
	if (chosen === undefined) {
		if (alternatives.length === 0 || alternatives.some(names => names.length === 0)) return nobody;
		const missing = alternatives[0]!.filter(name => !isGiven(name));
		throw missingAuth(operation, missing, schemesOf(document));
	}

	return merged(
		chosen.map(name => {
			const scheme = objectOf(document.follow({value: schemesOf(document)[name], base: document.location.href}).value);
			const given = resolved(auth[name]!, resolve);
			if (isEmpty(given)) throw missingAuth(operation, [name], schemesOf(document));
			return partsOf(name, scheme, given, operation);
		}),
	);
};

const schemesOf = (document: ApiDocument) => objectOf(objectOf(document.root.components).securitySchemes);

const nobody: Credentials = {headers: [], query: [], cookies: [], secrets: []};

const merged = (all: readonly Credentials[]): Credentials => ({
	headers: all.flatMap(each => each.headers),
	query: all.flatMap(each => each.query),
	cookies: all.flatMap(each => each.cookies),
	secrets: all.flatMap(each => each.secrets),
});

const resolved = (given: Given, resolve: ToolPlace['resolve']): Given =>
	typeof given === 'string'
		? resolve(given).trim()
		: {username: resolve(given.username), password: resolve(given.password)};

const isEmpty = (given: Given) =>
	typeof given === 'string' ? given === '' : given.username === '' && given.password === '';

const partsOf = (name: string, scheme: JsonObject, given: Given, operation: ApiOperation): Credentials => {
	const {type, scheme: http} = scheme;
	const isBasic = type === 'http' && String(http).toLowerCase() === 'basic';
	if (isBasic) {
		const [user, password] = typeof given === 'string' ? [given, ''] : [given.username, given.password];
		// Without a password the text is `user:password` already.
		const pair = typeof given === 'string' && given.includes(':') ? given : `${user}:${password}`;
		const encoded = Buffer.from(pair).toString('base64');
		return {
			...nobody,
			headers: [['authorization', `Basic ${encoded}`]],
			secrets: [encoded, pair, pair.slice(pair.indexOf(':') + 1)],
		};
	}

	if (typeof given !== 'string') {
		throw unauthenticated(
			`"${operation.tool.name}" needs one text for the security scheme "${name}", and \`auth:\` has a name and a password.`,
			`Write \`auth: { ${name}: "\${{ secrets.NAME }}" }\` in the file of the tool.`,
		);
	}

	const secrets = [given, encodeURIComponent(given)];
	const isBearer =
		type === 'oauth2' || type === 'openIdConnect' || (type === 'http' && String(http).toLowerCase() === 'bearer');
	if (isBearer) return {...nobody, headers: [['authorization', `Bearer ${given.replace(/^Bearer\s+/i, '')}`]], secrets};
	if (type === 'apiKey' && typeof scheme.name === 'string') {
		const pair = [[scheme.name, given]] as const;
		if (scheme.in === 'header') return {...nobody, headers: pair, secrets};
		return scheme.in === 'query' ? {...nobody, query: pair, secrets} : {...nobody, cookies: pair, secrets};
	}

	throw unauthenticated(
		`"${operation.tool.name}" needs the security scheme "${name}" (${kindOf(scheme)}), which is not supported.`,
		'Supported are apiKey, http basic, http bearer, and oauth2 or openIdConnect with a token you have.',
	);
};

const missingAuth = (operation: ApiOperation, names: readonly string[], schemes: JsonObject) => {
	const said = names.map(name => `"${name}" (${kindOf(objectOf(schemes[name]))})`).join(' and ');
	const lines = names.map(name => `${name}: ${wordsFor(objectOf(schemes[name]))}`).join(', ');
	return unauthenticated(
		`"${operation.tool.name}" needs the security scheme ${said}, and the tool has no value for it. Nothing was sent.`,
		`Write \`auth: { ${lines} }\` in the file of the tool, with the names of your secrets.`,
	);
};

const kindOf = ({type, scheme, in: where}: JsonObject) =>
	[type, scheme ?? where].filter(Boolean).join(' ') || 'unknown';

const wordsFor = ({type, scheme}: JsonObject) =>
	type === 'http' && String(scheme).toLowerCase() === 'basic'
		? '{ username: NAME, password: "${{ secrets.PASSWORD }}" }'
		: '"${{ secrets.TOKEN }}"';
