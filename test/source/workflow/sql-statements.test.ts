import {expect, test} from 'vitest';
import {type SqlDialect, sqlParametersOf, sqlStatementsOf} from '../../../source/workflow/sql-statements.ts';

test.each<[string, SqlDialect, string, number]>([
	['one without a semicolon', 'sqlite', 'SELECT 1', 1],
	['one with one, and comments after it', 'sqlite', 'SELECT 1; -- the end;\n/* ; */', 1],
	['two', 'postgres', 'SELECT 1; SELECT 2', 2],
	['nothing but a comment', 'sqlite', '-- SELECT 1;', 0],
	['semicolons within quotes', 'sqlite', `SELECT ';', "a;b", \`c;\`, [d;e], 'it''s;'`, 1],
	['a quote that is never closed', 'sqlite', "SELECT 'a; DROP TABLE t", 1],
	['a backslash that escapes nothing', 'sqlite', "SELECT '\\'; SELECT 2", 2],
	['a backslash that escapes a quote', 'postgres', "SELECT E'\\'; SELECT 2'", 1],
	['a backslash in a usual text', 'postgres', "SELECT '\\'; SELECT 2", 2],
	['text in dollars', 'postgres', 'SELECT $$ ; $$, $x$ $$ ; $x$; SELECT 2', 2],
	['a comment within a comment', 'postgres', '/* a /* ; */ ; */ SELECT 1', 1],
	['a comment that holds no comment', 'sqlite', '/* a /* ; */ SELECT 1; SELECT 2 /* */', 2],
	['a trigger', 'sqlite', 'CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END; SELECT 1', 2],
	[
		'a passing trigger',
		'sqlite',
		'CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; END',
		1,
	],
	['a table that is called like a trigger', 'sqlite', 'CREATE TABLE triggers (a); SELECT 1', 2],
])('%s (%s)', (_, dialect, text, count) => {
	expect(sqlStatementsOf(text, dialect)).toHaveLength(count);
});

test('parameters are found where they are parameters', () => {
	const names = (text: string, dialect: SqlDialect) => sqlParametersOf(text, dialect).map(({name}) => name);
	expect(names("SELECT :a, ':b', a::text, :a -- :c", 'postgres')).toEqual(['a', 'a']);
	expect(names('SELECT :a, @b, $c, x[:d]', 'sqlite')).toEqual(['a', 'b', 'c']);
	expect(names('SELECT $1, $$ :a $$', 'postgres')).toEqual([]);
	expect(names('SELECT \'12:30\', "x:y"', 'sqlite')).toEqual([]);
});
