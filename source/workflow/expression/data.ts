import {data} from '@actions/expressions';

/** JSON to what the expression engine works on. Objects and lists are converted as they are read. */
export const toData = (
	value: unknown,
): data.StringData | data.NumberData | data.BooleanData | data.Null | data.Array | data.Dictionary => {
	if (typeof value === 'string') return new data.StringData(value);
	if (typeof value === 'number') return new data.NumberData(value);
	if (typeof value === 'boolean') return new data.BooleanData(value);
	if (typeof value === 'function') return toData((value as () => unknown)());
	if (Array.isArray(value)) return new LazyArray(value);
	return typeof value === 'object' && value !== null
		? new LazyDictionary(value as Readonly<Record<string, unknown>>)
		: new data.Null();
};

/** @returns Plain JSON again. */
export const fromData = (value: data.ExpressionData): unknown => {
	if (value instanceof LazyArray || value instanceof LazyDictionary) return resolved(value.source);
	if (value instanceof data.Array) return value.values().map(item => fromData(item));
	if (value instanceof data.Dictionary)
		return Object.fromEntries(value.pairs().map(pair => [pair.key, fromData(pair.value)]));
	return value instanceof data.Null ? null : (value as data.StringData | data.NumberData | data.BooleanData).value;
};

/** Names are looked up exactly first, then as Actions does, whatever their case. */
class LazyDictionary extends data.Dictionary {
	readonly source: Readonly<Record<string, unknown>>;
	readonly #converted = new Map<string, data.ExpressionData>();

	constructor(source: Readonly<Record<string, unknown>>) {
		super();
		this.source = source;
	}

	override get(name: string): data.ExpressionData | undefined {
		const key = Object.hasOwn(this.source, name) ? name : this.#otherCaseOf(name);
		if (key === undefined) return undefined;
		const known = this.#converted.get(key);
		if (known) return known;
		const converted = toData(this.source[key]);
		this.#converted.set(key, converted);
		return converted;
	}

	override values(): data.ExpressionData[] {
		return Object.keys(this.source).map(key => this.get(key)!);
	}

	override pairs(): {key: string; value: data.ExpressionData}[] {
		return Object.keys(this.source).map(key => ({key, value: this.get(key)!}));
	}

	#otherCaseOf(name: string): string | undefined {
		const wanted = name.toLowerCase();
		return Object.keys(this.source).find(key => key.toLowerCase() === wanted);
	}
}

class LazyArray extends data.Array {
	readonly source: readonly unknown[];
	#items: data.ExpressionData[] | undefined;

	constructor(source: readonly unknown[]) {
		super();
		this.source = source;
	}

	override values(): data.ExpressionData[] {
		this.#items ??= this.source.map(item => toData(item));
		return this.#items;
	}

	override get(index: number): data.ExpressionData {
		return this.values()[index] ?? new data.Null();
	}
}

/** Calls what is lazy, such as the text of a step. */
const resolved = (value: unknown): unknown => {
	if (typeof value === 'function') return (value as () => unknown)();
	if (Array.isArray(value)) return value.map(item => resolved(item));
	if (typeof value !== 'object' || value === null) return value ?? null;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]));
};
