export interface DayTime {
	readonly year: number;
	/** 1 to 12. */
	readonly month: number;
	/** Of the month; one too large leads into the next. */
	readonly day: number;
	readonly hour: number;
	readonly minute: number;
}

/** Clock time in a zone (IANA name; missing: the local one) and Unix milliseconds. */
export const zonedMs = {
	/** @returns `undefined` for a zone that is not known. */
	partsOf(atMs: number, zone: string | undefined): DayTime | undefined {
		try {
			const format = new Intl.DateTimeFormat('en-US', {
				timeZone: zone,
				hourCycle: 'h23',
				year: 'numeric',
				month: 'numeric',
				day: 'numeric',
				hour: 'numeric',
				minute: 'numeric',
			});
			const parts = Object.fromEntries(format.formatToParts(atMs).map(({type, value}) => [type, Number(value)]));
			return {year: parts.year!, month: parts.month!, day: parts.day!, hour: parts.hour!, minute: parts.minute!};
		} catch {
			return undefined;
		}
	},
	/** Where clocks are put back, one of both; where they are put forward, a time that is skipped is an hour late. */
	of(time: DayTime, zone: string | undefined): number {
		const wishedMs = utcMsOf(time);
		let atMs = wishedMs;
		// The zone's distance from UTC is that of the moment sought, so it is looked for twice.
		for (let round = 0; round < 2; round++) {
			const shown = this.partsOf(atMs, zone);
			if (!shown) break;
			atMs += wishedMs - utcMsOf(shown);
		}

		return atMs;
	},
};

const utcMsOf = ({year, month, day, hour, minute}: DayTime) => Date.UTC(year, month - 1, day, hour, minute);
