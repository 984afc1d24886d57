import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {packageFolder} from '../../source/install.ts';
import {openScreen} from '../../test/screens/driver.ts';
import type {Session} from '../../test/sessions/session.ts';
import {type PictureScene, pictureScenes} from './scenes.ts';
import {openPictureStage} from './stage.ts';
import {svgOf} from './svg.ts';

/** Pictures of the real cockpit on a real daemon, in tmux; arguments are the names of those to take. */
const folder = path.join(packageFolder, 'docs/screens');

const take = async (scene: PictureScene, session: Session): Promise<void> => {
	const [columns, rows] = scene.size;
	await using screen = await openScreen({columns, rows, session, flags: scene.flags});
	await scene.steps(screen);
	const text = (await screen.text()).replaceAll(/ +$/gm, '');
	writeFileSync(path.join(folder, `${scene.name}.txt`), text);
	writeFileSync(
		path.join(folder, `${scene.name}.svg`),
		svgOf(await screen.text({withStyles: true}), {columns, rows, title: scene.title}),
	);
	process.stderr.write(`${scene.name}: ${columns} x ${rows}\n`);
};

const indexOf = (scenes: readonly PictureScene[]): string =>
	`# Screens\n\nMade by \`npm run screens\` from the real cockpit on a real daemon; each also as text.\n\n${scenes
		.map(
			({name, title, size}) =>
				`## ${title}\n\n![${title}](${name}.svg)\n\n${size.join(' x ')}, [as text](${name}.txt)\n`,
		)
		.join('\n')}`;

const wanted = process.argv.slice(2);
mkdirSync(folder, {recursive: true});
const session = await openPictureStage();
const failed: string[] = [];
try {
	for (const scene of pictureScenes) {
		if (wanted.length > 0 && !wanted.includes(scene.name)) continue;
		await take(scene, session).catch(error => {
			failed.push(scene.name);
			process.stderr.write(`✗ ${scene.name}: ${error.message}\n`);
		});
	}
} finally {
	await session.close();
}

writeFileSync(path.join(folder, 'README.md'), indexOf(pictureScenes));
process.exitCode = failed.length > 0 ? 1 : 0;
