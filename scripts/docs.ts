import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {packageFolder} from '../source/install.ts';
import {cockpitDocument} from './cockpit-document.ts';
import {eventsDocument} from './events-document.ts';

writeFileSync(path.join(packageFolder, 'docs/events.md'), eventsDocument());
const cockpit = path.join(packageFolder, 'docs/cockpit.md');
writeFileSync(cockpit, cockpitDocument(readFileSync(cockpit, 'utf8')));
