import {nearestOf} from '../text/nearest.ts';

/** Whether this machine knows a time zone by that IANA name. */
export const isTimeZone = (name: string): boolean => {
	try {
		new Intl.DateTimeFormat('en', {timeZone: name});
		return /^[A-Za-z]/.test(name);
	} catch {
		return false;
	}
};

/** @returns What to write instead of a name that is none: `Berlin` → ``Did you mean `Europe/Berlin`?`` */
export const timeZoneSuggestion = (name: string): string => {
	const known = Intl.supportedValuesOf('timeZone');
	const city = name.trim().replaceAll(/\s+/g, '_').toLowerCase();
	const cities = new Map(known.map(zone => [zone.split('/').at(-1)!.toLowerCase(), zone]));
	const meant = cities.get(city) ?? nearestOf(name, known) ?? cities.get(nearestOf(city, cities.keys()) ?? '');
	if (meant !== undefined) return `Did you mean \`${meant}\`?`;
	return /^[+-]\d|^(UTC|GMT)[+-]/i.test(name)
		? 'An offset knows nothing of summer time: write the name of the zone, as `Europe/Berlin`.'
		: 'Write an IANA name, as `Europe/Berlin` or `America/New_York`.';
};

/** The zone of this machine. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
