import type {StepDefinition, StepKind} from '../definition.ts';
import type {ExpressionSite} from '../expression/site.ts';
import type {PlacedText} from '../settings/read-value.ts';
import type {Loop} from './loops.ts';

/** A step as far as it can be read alone; needs and names are checked when all steps are known. */
export interface StepDraft {
	/** Position in the file, from 0. */
	readonly index: number;
	readonly id: string;
	/** Where the id is written: the heading, or the value of `id:`. */
	readonly idStart: number;
	readonly headingStart: number;
	/** `undefined` where that cannot be told. */
	readonly kind?: StepKind;
	/** The settings could not be read; what follows from missing settings is not worth saying. */
	readonly isBroken: boolean;
	/** `undefined`: the step above. */
	readonly needs?: readonly PlacedText[];
	readonly sites: readonly ExpressionSite[];
	/** What may be read as `steps.<id>.outputs.<name>`; `undefined`: anything. */
	readonly outputNames?: readonly string[];
	/** Where a rejection goes back to. */
	readonly goto?: PlacedText;
	readonly savepoint?: PlacedText;
	/** The step is done once for each of several items. */
	readonly loop?: Loop;
	/** The definition without its needs; only of use where nothing is wrong. */
	readonly body: StepBody;
}

export type StepBody = WithoutNeeds<StepDefinition>;
type WithoutNeeds<T> = T extends unknown ? Omit<T, 'needs'> : never;
