import {expect, test} from 'vitest';
import {formatDiagnostic} from '../../source/workflow/format-diagnostic.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';

const text = `---
name: six-mistakes
inputs:
  count: { type: integer, default: many }
---
# Six mistakes

## plan
~~~yaml step
outputs: { risk: [low, high }
~~~
Plan it.

## build
~~~yaml step
needs: [plam]
~~~
~~~sh run
make
~~~

## review
~~~yaml step
needs: [ship]
~~~
Review \${{ inputs.cuont }} changes.

## ship
~~~yaml step
needs: [review]
~~~
~~~sh run
./ship
~~~

## build
~~~sh run
make again
~~~
`;

test('six different mistakes are six diagnostics in one go, each at its place', () => {
	const {definition, diagnostics} = parseWorkflow(text, 'six.md');
	expect(definition).toBeUndefined();
	expect(diagnostics.map(({line, column, code, severity}) => `${line}:${column} ${severity} ${code}`)).toEqual([
		'4:36 error input.default-invalid',
		'10:18 error yaml.invalid',
		'16:9 error needs.unknown',
		'24:9 error needs.cycle',
		'26:19 error expression.input-unknown',
		'36:1 error step.duplicate',
	]);
});

test('each says what is wrong, shows the line and says what to write', () => {
	const {diagnostics} = parseWorkflow(text, 'six.md');
	expect(diagnostics.map(diagnostic => formatDiagnostic(diagnostic)).join('\n\n')).toBe(
		`six.md:4:36 error The default "many" of the input \`count\` is not an integer.
  4 |   count: { type: integer, default: many }
    |                                    ^
  Write \`type: string\`, or mend the value.

six.md:10:18 error The list that starts here has no closing \`]\`.
  10 | outputs: { risk: [low, high }
     |                  ^
  Add the \`]\`.

six.md:16:9 error There is no step \`plam\`.
  16 | needs: [plam]
     |         ^
  Did you mean \`plan\`?

six.md:24:9 error These steps wait for each other: review → ship → review.
  24 | needs: [ship]
     |         ^
  Remove \`ship\` from the \`needs\` of \`review\`, or another link.

six.md:26:19 error There is no input \`cuont\`.
  26 | Review \${{ inputs.cuont }} changes.
     |                   ^
  Did you mean \`count\`?

six.md:36:1 error There are two steps \`build\`; the first is on line 14.
  36 | ## build
     | ^
  Change one of the headings, or give the step an \`id:\`.`,
	);
});
