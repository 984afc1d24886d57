import type {GivenValue, SqlStep} from '../definition.ts';
import type {ExpressionSite, Sited} from '../expression/site.ts';
import {hasExpression} from '../expression/template.ts';
import {type SqlDialect, sqlParametersOf, sqlStatementsOf} from '../sql-statements.ts';
import {listOf, quotedListOf} from '../text/names.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry, YamlNode, YamlScalar} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {readBoolean, wrong} from './read-value.ts';
import {readSitedTemplate, sitedValueOf} from './templates.ts';
import {sitedMapOf} from './tool.ts';

export type Sql = Pick<SqlStep, 'database' | 'query' | 'params' | 'transaction'>;

const example = 'Write `sql: { database: data.db, query: "SELECT 1" }`.';

/** Reads `sql:`. What the query says is fixed in the file; values come in as parameters. */
export const readSql = (report: Report, {key, keyStart, value}: YamlEntry): Sited<Sql> | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'map') return wrong(report, key, value, 'a mapping', example);
	const entries = readKeys(report, value, ['database', 'query', 'params', 'transaction'], [], '`sql`');
	const databaseEntry = entries.get('database');
	const queryEntry = entries.get('query');
	for (const [name, entry] of [['database', databaseEntry] as const, ['query', queryEntry] as const])
		if (!entry) report.error('key.missing', keyStart, `\`sql\` has no \`${name}\`.`, example);
	const database = databaseEntry && readDatabase(report, databaseEntry);
	const transactionEntry = entries.get('transaction');
	const transaction = transactionEntry && readBoolean(report, transactionEntry);
	const paramsEntry = entries.get('params');
	const params: Sited<Sql['params']> | undefined = paramsEntry
		? readParams(report, paramsEntry)
		: {value: [], sites: []};
	const query = queryEntry && readQuery(report, queryEntry);
	if (!database || !params || !query) return undefined;
	const dialect = dialectOf(database.value);
	if (dialect)
		checkStatements(report, query, dialect, {params: params.value, paramsNode: paramsEntry?.value, transaction});
	return {
		value: {
			database: database.value,
			query: query.text,
			params: params.value,
			...(transaction === undefined ? undefined : {transaction}),
		},
		sites: [...database.sites, ...params.sites],
	};
};

const readDatabase = (report: Report, entry: YamlEntry): Sited<string> | undefined => {
	const database = readSitedTemplate(report, entry, 'database');
	if (!database) return undefined;
	if (database.value.trim() === '')
		return wrong(report, entry.key, entry.value, 'a path or a `postgres://` URL', example);
	const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(database.value)?.[1];
	if (!scheme || /^postgres(?:ql)?$/i.test(scheme)) return database;
	const message = `Databases of \`${scheme}://\` cannot be asked.`;
	report.error(
		'sql.database-unknown',
		entry.value.start,
		message,
		'Give the path of an SQLite file, or a `postgres://` URL.',
	);
	return undefined;
};

/** `undefined`: only the evaluated text tells. */
const dialectOf = (database: string): SqlDialect | undefined => {
	if (/^postgres(?:ql)?:\/\//i.test(database)) return 'postgres';
	return hasExpression(database) ? undefined : 'sqlite';
};

const readQuery = (report: Report, {key, value}: YamlEntry): YamlScalar | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'scalar' || value.text.trim() === '') return wrong(report, key, value, 'SQL', example);
	const at = value.text.indexOf('${{');
	if (at === -1) return value;
	const message = 'Expressions are not put into SQL: values never become code.';
	const expression = /^\$\{\{(.*?)\}\}/s.exec(value.text.slice(at))?.[0] ?? '${{ … }}';
	const name = /([a-z_]\w*)\s*\}\}$/i.exec(expression)?.[1] ?? 'value';
	const suggestion = `Write \`:${name}\` in the query, without quotes, and \`params: { ${name}: "${expression.replaceAll('"', "'")}" }\`.`;
	report.error('sql.interpolated', value.offsetOf(at), message, suggestion);
	return undefined;
};

const readParams = (report: Report, {key, value}: YamlEntry): Sited<Sql['params']> | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'map') return sitedMapOf(report, value, 'arguments');
	if (value.kind === 'scalar')
		return wrong(report, key, value, 'a list or a mapping', 'Write `params: { name: value }`.');
	const items = value.items.map(item => sitedValueOf(report, item, 'arguments'));
	return {
		value: items.map(item => item.value as GivenValue),
		sites: items.flatMap(({sites}): readonly ExpressionSite[] => sites),
	};
};

interface Around {
	readonly params: Sql['params'];
	readonly paramsNode: YamlNode | undefined;
	readonly transaction: boolean | undefined;
}

const checkStatements = (report: Report, query: YamlScalar, dialect: SqlDialect, around: Around): void => {
	const {params, paramsNode, transaction} = around;
	const count = sqlStatementsOf(query.text, dialect).length;
	if (count > 1 && !transaction) {
		const message = `The query holds ${count} statements.`;
		const suggestion = 'Add `transaction: true` to have all of them done or none, or give each a step of its own.';
		report.error('sql.statements', query.start, message, suggestion);
	}

	const wanted = sqlParametersOf(query.text, dialect);
	if (Array.isArray(params)) {
		const [first] = wanted;
		if (!first) return;
		const suggestion =
			params.length === 0
				? `Add \`params: { ${first.name}: … }\`.`
				: 'Write `params:` as a mapping from names to values.';
		report.error(
			'sql.parameter-missing',
			query.offsetOf(first.start),
			`\`params\` has no value for \`${first.name}\`.`,
			suggestion,
		);
		return;
	}

	const given = Object.keys(params);
	for (const {name, start} of wanted.filter(
		(each, index) => wanted.findIndex(other => other.name === each.name) === index,
	)) {
		if (given.includes(name)) continue;
		const suggestion = didYouMean(name, given, `Add it: \`params: { ${name}: … }\`.`);
		report.error(
			'sql.parameter-missing',
			query.offsetOf(start),
			`\`params\` has no value for \`${name}\`.`,
			suggestion,
		);
	}

	const unused = given.filter(name => !wanted.some(each => each.name === name));
	if (unused.length === 0 || !paramsNode) return;
	const message = `The query has no ${quotedListOf(unused.map(name => `:${name}`))}; nothing is done with ${unused.length === 1 ? 'it' : 'them'}.`;
	report.warning('sql.parameter-unused', paramsNode.start, message, `Remove ${listOf(unused)} from \`params\`.`);
};
