import {z} from 'zod';
import {eventBodies} from '../source/run/events.ts';

interface JsonSchema {
	readonly type?: string;
	readonly description?: string;
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
	readonly items?: JsonSchema;
	readonly anyOf?: readonly JsonSchema[];
	readonly enum?: readonly unknown[];
}

/** @returns docs/events.md, made from the event catalogue. */
export const eventsDocument = (): string => {
	const sections = Object.entries(eventBodies).map(([type, body]) =>
		sectionOf(type, z.toJSONSchema(body) as JsonSchema),
	);
	return `${introduction}\n${sections.join('\n')}`;
};

const introduction = `# Events

Made from \`source/run/events.ts\` by \`npm run docs\`; do not edit.

A journal row is the event: the same \`type\` and \`body\` in the journal, on the wire, in \`--json\` and in the logs. On the wire
and in \`--json\` an event is \`{ cursor, runId, seq, type, at, body }\`: \`cursor\` counts over the whole journal, \`seq\` within the
run, \`at\` is ISO-8601 UTC, and \`runId\` is null for events of the daemon. A run's events begin with \`run.created\` and end
with exactly one of \`run.completed\`, \`run.failed\` and \`run.cancelled\`.
`;

const sectionOf = (type: string, schema: JsonSchema): string => {
	const fields = Object.entries(schema.properties ?? {});
	const required = new Set(schema.required);
	const rows = fields.map(([name, field]) => {
		const isOptional = required.has(name) ? '' : ', optional';
		return `| \`${name}\` | ${typeOf(field)}${isOptional} | ${field.description ?? ''} |`;
	});
	const table = rows.length > 0 ? `\n| field | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n` : '';
	return `## ${type}\n\n${schema.description ?? ''}\n${table}`;
};

const typeOf = (schema: JsonSchema): string => {
	if (schema.enum) return schema.enum.map(value => `\`${value}\``).join(' or ');
	if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
	if (schema.items) return `array of ${typeOf(schema.items)}`;
	if (schema.properties) return `{ ${Object.keys(schema.properties).join(', ')} }`;
	return schema.type ?? 'any';
};
