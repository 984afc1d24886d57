/** What clocks on the wall show in a time zone. A wall time is written as the Unix milliseconds of the same time in UTC. */
export interface Zone {
	/** Wall time minus moment. */
	offsetMsAt(atMs: number): number;
	/** The first moment after `fromMs` with another offset than it has; `toMs` at the latest, which must have another. */
	changeBetween(fromMs: number, toMs: number): number;
}

/** @param name IANA, known to this machine. */
export const createZone = (name: string): Zone => {
	const format = new Intl.DateTimeFormat('en-US', {
		...{timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric'},
		...{hour: 'numeric', minute: 'numeric', second: 'numeric'},
	});

	const offsetMsAt = (atMs: number): number => {
		const wholeMs = Math.floor(atMs / 1000) * 1000;
		const parts: Record<string, number> = {};
		for (const {type, value} of format.formatToParts(wholeMs)) parts[type] = Number(value);
		const {year, month, day, hour, minute, second} = parts;
		return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - wholeMs;
	};

	return {
		offsetMsAt,
		changeBetween(fromMs, toMs) {
			const before = offsetMsAt(fromMs);
			let [same, other] = [fromMs, toMs];
			while (other - same > 1000) {
				const middle = Math.floor((same + other) / 2000) * 1000;
				if (offsetMsAt(middle) === before) same = middle;
				else other = middle;
			}

			return other;
		},
	};
};
