/** Runs one measurement: its name and the folder of the bundles are the arguments. */

import { bundlesIn } from './bundles';
import { sendToParent } from './child';
import { measure } from './measurements';

const [name = '', folder = ''] = process.argv.slice(2);
sendToParent(await measure(name, await bundlesIn(folder)));
