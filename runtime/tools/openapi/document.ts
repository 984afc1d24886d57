import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {limits} from '../../../source/limits.ts';
import {documentInvalid, documentUnreachable, expectedAmong} from './failures.ts';
import {atPointer, isObject, type JsonObject, objectOf} from './json.ts';
import {linesOf, parseDocumentText} from './parse-document.ts';
import {createDocumentBudget, readDocumentFile, shown} from './read-document.ts';
import {invalidPlaces} from './validation.ts';

/** A document that was read, with all files it refers to, and found valid. References in it are not replaced. */
export interface ApiDocument {
	/** For messages. */
	readonly name: string;
	readonly location: URL;
	readonly root: JsonObject;
	/** 3.0 has a dialect of JSON Schema of its own. */
	readonly isVersion30: boolean;
	/** Follows the references that a value consists of, one after the other. @throws AiworkflowError `tool.answer-invalid`. */
	follow(place: Place): Place;
	/** Where a reference leads; the key is the same for the same place. @throws AiworkflowError `tool.answer-invalid`. */
	target(reference: string, base: string): Target;
}

export type Target = Place & {readonly key: string};

/** A value of a document and the address of the file it is in: its references are relative to that. */
export interface Place {
	readonly value: unknown;
	readonly base: string;
}

/**
 * Documents at addresses are kept for as long as the process lives, files are read each time.
 *
 * @param document Path or URL.
 * @param folder What a path is relative to.
 */
export const loadDocument = async (document: string, folder: string, signal: AbortSignal): Promise<ApiDocument> => {
	if (!/^https?:\/\//i.test(document)) return read(pathToFileURL(path.resolve(folder, document)), signal);
	const location = URL.parse(document);
	if (location === null) {
		throw documentUnreachable(document, 'its address is none', 'Write a path, or an address with `https://`.');
	}

	location.hash = '';
	const known = loaded.get(location.href) ?? (await read(location, signal));
	loaded.set(location.href, known);
	return known;
};

const loaded = new Map<string, ApiDocument>();

const read = async (location: URL, signal: AbortSignal): Promise<ApiDocument> => {
	const timeout = AbortSignal.timeout(limits.openapiDocumentMs);
	try {
		return await readWhole(location, AbortSignal.any([signal, timeout]));
	} catch (error) {
		if (timeout.aborted && !signal.aborted) {
			const seconds = limits.openapiDocumentMs / 1000;
			throw documentUnreachable(shown(location), `it took longer than ${seconds} s`, 'Keep a copy of it as a file.', {
				isRetryable: true,
				cause: error,
			});
		}

		throw error;
	}
};

const readWhole = async (location: URL, signal: AbortSignal): Promise<ApiDocument> => {
	const name = shown(location);
	const budget = createDocumentBudget();
	const text = await readDocumentFile(location, location, budget, signal);
	const root = parseDocumentText(text, name);
	const version = versionOf(root, name);
	const files = new Map<string, unknown>([[location.href, root]]);
	const readReferred = async (url: URL) => {
		const value = parseDocumentText(await readDocumentFile(url, location, budget, signal), shown(url));
		files.set(url.href, value);
		return value;
	};
	try {
		await validate(location, root as JsonObject, readReferred);
	} catch (error) {
		signal.throwIfAborted();
		throw expectedAmong(error) ?? documentInvalid(name, invalidPlaces(error, linesOf(text)), undefined, error);
	}

	return documentOf(name, location, root as JsonObject, version, files);
};

/** @throws AiworkflowError `tool.answer-invalid` */
const versionOf = (root: unknown, name: string): string => {
	const {openapi, swagger} = objectOf(root);
	if (swagger !== undefined) {
		throw documentInvalid(
			name,
			`it is Swagger ${String(swagger).slice(0, 20)}; OpenAPI 3.0 and 3.1 can be read.`,
			'Convert it, for example with `npx swagger2openapi`, and write the path of the result as `document:`.',
		);
	}

	if (!isObject(root) || typeof openapi !== 'string') {
		throw documentInvalid(
			name,
			'it has no `openapi: 3.0.x` or `openapi: 3.1.x`.',
			'Write the path or address of the document itself, not of a page that shows it.',
		);
	}

	if (!/^3\.[01]\./.test(openapi)) {
		throw documentInvalid(name, `its version is ${openapi.slice(0, 20)}; OpenAPI 3.0 and 3.1 can be read.`);
	}

	return openapi;
};

/**
 * The parser checks the document as it is written and has us read what it refers to. It replaces no references: with
 * those replaced, a small document can be endless or as large as one likes.
 */
const validate = async (
	location: URL,
	root: JsonObject,
	readReferred: (url: URL) => Promise<unknown>,
): Promise<void> => {
	const isFile = location.protocol === 'file:';
	// It takes a quarter of a second to load, which calls of other kinds of tools need not wait for.
	const {default: SwaggerParser} = await import('@apidevtools/swagger-parser');
	await new SwaggerParser().validate(
		isFile ? location.pathname : location.href,
		// It changes what it is given: addresses of servers, for one.
		structuredClone(root) as never,
		{
			resolve: {
				file: false,
				http: false,
				referred: {
					order: 1,
					canRead: true,
					read: async (file: {readonly url: string}) =>
						readReferred(/^[a-z][a-z\d+.-]*:/i.test(file.url) ? new URL(file.url) : new URL(`file://${file.url}`)),
				},
			},
			parse: {
				json: false,
				yaml: false,
				text: false,
				binary: false,
				parsed: {order: 1, canParse: true, allowEmpty: true, parse: (file: {readonly data: unknown}) => file.data},
			},
			dereference: {circular: 'ignore', excludedPathMatcher: () => true},
		} as never,
	);
};

const documentOf = (
	name: string,
	location: URL,
	root: JsonObject,
	version: string,
	files: ReadonlyMap<string, unknown>,
): ApiDocument => {
	const known = new Map<string, Target>();
	const found = (reference: string, base: string): Target => {
		const url = URL.parse(reference, base);
		const pointer = decoded(url?.hash.slice(1) ?? '');
		if (url) url.hash = '';
		const file = url && files.get(url.href);
		const value = file === undefined ? undefined : atPointer(file, pointer);
		if (url && value !== undefined) return {value, base: url.href, key: `${url.href}#${pointer}`};
		throw documentInvalid(name, `\`$ref: ${reference.slice(0, 200)}\` leads to nothing.`);
	};
	const target: ApiDocument['target'] = (reference, base) => {
		const key = `${base} ${reference}`;
		const place = known.get(key) ?? found(reference, base);
		known.set(key, place);
		return place;
	};
	const follow: ApiDocument['follow'] = place => {
		let current = place;
		for (let count = 0; isObject(current.value) && typeof current.value.$ref === 'string'; count++) {
			if (count > referencesMax)
				throw documentInvalid(name, `\`$ref: ${current.value.$ref.slice(0, 200)}\` leads in a circle.`);
			current = target(current.value.$ref, current.base);
		}

		return current;
	};
	return {name, location, root, isVersion30: version.startsWith('3.0.'), follow, target};
};

/** One after the other, with nothing beside them. */
const referencesMax = 32;

const decoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};
