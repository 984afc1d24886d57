import type {ApiParameter} from './api-operation.ts';
import {isObject} from './json.ts';

type Serialised = Pick<ApiParameter, 'name' | 'style' | 'isExploded' | 'isReservedAllowed'>;

/** A value as it stands in the path; the styles are those of RFC 6570. */
export const pathText = (parameter: Serialised, value: unknown): string => {
	const {name, style, isExploded} = parameter;
	const {parts, isNamed} = partsOf(value, isExploded, encodeURIComponent);
	if (style === 'label') return `.${parts.join(isExploded ? '.' : ',')}`;
	if (style !== 'matrix') return parts.join(',');
	const key = encodeURIComponent(name);
	if (!isExploded) return `;${key}=${parts.join(',')}`;
	return parts.map(part => (isNamed ? `;${part}` : `;${key}=${part}`)).join('');
};

/** @returns `name=value` pairs of a query or of a form, encoded; none for an empty list. */
export const queryPairs = (parameter: Serialised, value: unknown): readonly string[] => {
	const {name, style, isExploded, isReservedAllowed} = parameter;
	const encode = isReservedAllowed ? encodeAllowingReserved : encodeURIComponent;
	const key = encodeURIComponent(name);
	if (style === 'deepObject' && isObject(value)) return deepPairs(key, value, encode);
	const {parts, isNamed} = partsOf(value, isExploded, encode);
	if (parts.length === 0) return [];
	if (isExploded) return parts.map(part => (isNamed ? part : `${key}=${part}`));
	const separator = style === 'spaceDelimited' ? '%20' : style === 'pipeDelimited' ? '%7C' : ',';
	return [`${key}=${parts.join(separator)}`];
};

/** Headers are sent as they are: nothing in them is encoded. */
export const headerText = ({isExploded}: Serialised, value: unknown): string =>
	partsOf(value, isExploded, text => text).parts.join(',');

export const cookiePairs = (parameter: Serialised, value: unknown): readonly string[] =>
	queryPairs({...parameter, style: 'form', isReservedAllowed: false}, value);

/** What stands inside a list or an object is one text: these styles have one level. */
export const scalarText = (value: unknown): string =>
	typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');

const partsOf = (value: unknown, isExploded: boolean, encode: (text: string) => string) => {
	if (Array.isArray(value)) return {parts: value.map(each => encode(scalarText(each))), isNamed: false};
	if (!isObject(value)) return {parts: [encode(scalarText(value))], isNamed: false};
	const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null);
	const pairs = entries.map(([key, each]) => [encode(key), encode(scalarText(each))] as const);
	return isExploded ? {parts: pairs.map(pair => pair.join('=')), isNamed: true} : {parts: pairs.flat(), isNamed: false};
};

const deepPairs = (key: string, value: object, encode: (text: string) => string): readonly string[] =>
	Object.entries(value).flatMap(([name, each]) => {
		const inner = `${key}%5B${encodeURIComponent(name)}%5D`;
		if (isObject(each)) return deepPairs(inner, each, encode);
		if (Array.isArray(each)) return each.map(item => `${inner}=${encode(scalarText(item))}`);
		return each === undefined || each === null ? [] : [`${inner}=${encode(scalarText(each))}`];
	});

/** All but what would end the pair, or stand for a space. */
const encodeAllowingReserved = (text: string) =>
	encodeURIComponent(text).replaceAll(/%(3A|2F|3F|5B|5D|40|21|24|27|28|29|2A|2C|3B|3D)/g, code =>
		decodeURIComponent(code),
	);
