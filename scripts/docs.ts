import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {packageFolder} from '../source/install.ts';
import {eventsDocument} from './events-document.ts';

writeFileSync(path.join(packageFolder, 'docs/events.md'), eventsDocument());
