import type {WireEvent} from '../../source/run/events.ts';

type Type = WireEvent['type'];
type BodyOf<T extends Type> = Extract<WireEvent, {type: T}>['body'];

/** Bodies of all events of a type, in order. */
export const bodiesOf = <T extends Type>(events: readonly WireEvent[], type: T): BodyOf<T>[] =>
	events.filter(event => event.type === type).map(event => event.body as BodyOf<T>);

/** Outputs of the first step that completed. */
export const outputsOf = (events: readonly WireEvent[]) => bodiesOf(events, 'step.completed')[0]?.outputs;

/** Why the first step that failed did. */
export const failureIn = (events: readonly WireEvent[]) => bodiesOf(events, 'step.failed')[0]?.failure;
